"""IAM is moto's, with requests held against the model and AWS-managed policies that cost no second per account."""

import copy
import json
from functools import cache
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam import urls
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy, iam_backends
from moto.iam.responses import IamResponse

from sandbox.aws.modelled import ONE_AT_A_TIME, invalid, service_model
from sandbox.aws.shapes import violations


class Iam(IAMBackend):
    """IAM of one account, which knows every AWS-managed policy that moto ships."""

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    def _init_aws_policies(self) -> list[ManagedPolicy]:
        """Copy the policies that were read once: moto reads 1,300 documents again for each account and reset."""
        return [copy.copy(policy) for policy in _aws_policies(self.region_name)]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(aws_managed_policies_data)
    return data


@cache
def _aws_policies(partition: str) -> list[ManagedPolicy]:
    # An AWS-managed policy bears the partition (moto's region of IAM), never the account that reads it.
    return [AWSManagedPolicy.from_data(name, "aws", partition, row) for name, row in _data().items()]


class ModelledIamResponse(IamResponse):
    """Answers the requests to ``iam``, after they were held against the model."""

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        operation, model = self._get_action(), service_model("iam")
        if operation in model.operation_names:
            found = violations(model.operation_model(operation).input_shape, self.params)
            if found:
                return self.serialized(ActionResult(ServiceException("ValidationError", invalid(found))))
        with ONE_AT_A_TIME:
            return super().call_action()


def install() -> None:
    """Put these in the place of moto's."""
    iam_backends.backend = Iam
    urls.url_paths["{0}/$"] = ModelledIamResponse.dispatch
