"""Tags and attributes for access control of Identity Center."""

from typing import Any

from sandbox.aws.identity_center.ssoadmin_permission_sets import TAGS
from sandbox.aws.identity_center.ssoadmin_state import Instance
from sandbox.aws.modelled import page
from sandbox.aws.refusals.table import refuse


class Tags:
    """Tag operations and the attributes for access control; ``instance`` comes from the backend."""

    instances: dict[str, Instance]

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN."""
        raise NotImplementedError

    def tag_resource(self, asked: dict[str, Any]) -> None:
        """TagResource: adds and overwrites."""
        tags = self._tags(asked)
        new = {tag["Key"]: tag["Value"] for tag in asked["Tags"]}
        if len({*tags, *new}) > TAGS:
            refuse("tags-quota", limit=TAGS)
        tags.update(new)

    def untag_resource(self, asked: dict[str, Any]) -> None:
        """UntagResource: a key that is not there is no error."""
        tags = self._tags(asked)
        for key in asked["TagKeys"]:
            tags.pop(key, None)

    def list_tags_for_resource(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListTagsForResource."""
        tags = self._tags(asked)
        return page(asked, "Tags", [{"Key": key, "Value": value} for key, value in tags.items()])

    def _tags(self, asked: dict[str, Any]) -> dict[str, str]:
        arn = asked["ResourceArn"]
        for instance in self.instances.values():
            if instance.arn == arn:
                return instance.tags
            if arn in instance.permission_sets:
                return instance.permission_sets[arn].tags
            if arn in instance.applications:
                return instance.applications[arn].tags
        return refuse("tagged-resource-not-found", arn=arn)

    def create_instance_access_control_attribute_configuration(self, asked: dict[str, Any]) -> None:
        """CreateInstanceAccessControlAttributeConfiguration: enables attributes for access control."""
        instance = self.instance(asked["InstanceArn"])
        if instance.attributes is not None:
            refuse("attributes-configured", arn=instance.arn)
        instance.attributes = _attributes(asked)

    def update_instance_access_control_attribute_configuration(self, asked: dict[str, Any]) -> None:
        """UpdateInstanceAccessControlAttributeConfiguration: the whole list at once."""
        self._enabled(asked).attributes = _attributes(asked)

    def describe_instance_access_control_attribute_configuration(
        self, asked: dict[str, Any]
    ) -> dict[str, Any]:
        """DescribeInstanceAccessControlAttributeConfiguration."""
        attributes = self._enabled(asked).attributes
        configuration = {"AccessControlAttributes": attributes}
        return {"Status": "ENABLED", "InstanceAccessControlAttributeConfiguration": configuration}

    def delete_instance_access_control_attribute_configuration(self, asked: dict[str, Any]) -> None:
        """DeleteInstanceAccessControlAttributeConfiguration: disables them."""
        self._enabled(asked).attributes = None

    def _enabled(self, asked: dict[str, Any]) -> Instance:
        instance = self.instance(asked["InstanceArn"])
        if instance.attributes is None:
            refuse("attributes-not-configured", arn=instance.arn)
        return instance


def _attributes(asked: dict[str, Any]) -> list[dict[str, Any]]:
    attributes: list[dict[str, Any]] = asked["InstanceAccessControlAttributeConfiguration"][
        "AccessControlAttributes"
    ]
    return attributes
