"""Terraform plans have the pack's verdicts, and what only `apply` tells is undecided."""

import json
from copy import deepcopy
from typing import Any

import pytest

from identity_center_cli.readers.reading import NotThisFormError
from identity_center_cli.readers.terraform.plan import is_terraform, read_plan

from .conftest import rules_of

Json = dict[str, Any]
ROOT = "no-root-level-access"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(*statements: Json) -> str:
    """Write a document as Terraform keeps it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ALL = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
READ = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})


class Plan:
    """A plan, put together resource by resource as Terraform prints it."""

    def __init__(self) -> None:
        self.modules: dict[str, list[Json]] = {"": []}
        self.changes: list[Json] = []
        self.configuration: Json = {"resources": [], "module_calls": {}}

    def add(  # noqa: PLR0913 - all that a plan says of a resource
        self,
        kind: str,
        name: str,
        values: Json,
        unknown: Json | None = None,
        refers: dict[str, list[str]] | None = None,
        *,
        module: str = "",
        index: str | int | None = None,
    ) -> "Plan":
        """Plan one resource; `refers` are the references of its expressions."""
        base = f"{kind}.{name}"
        address = f"{module}.{base}".lstrip(".") + (f"[{json.dumps(index)}]" if index is not None else "")
        planned: Json = {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}
        if index is not None:
            planned["index"] = index
        self.modules.setdefault(module, []).append(planned)
        change = {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown or {}}
        self.changes.append(
            {"address": address, "mode": "managed", "type": kind, "name": name, "change": change}
        )
        self._configure(module, kind, name, values, refers)
        return self

    def read_later(self, name: str, after: Json, unknown: Json, expressions: Json) -> "Plan":
        """Plan a document of the data source that is read at apply."""
        kind = "aws_iam_policy_document"
        change = {
            "actions": ["read"],
            "before": None,
            "after": after,
            "after_unknown": {"json": True, **unknown},
        }
        address = f"data.{kind}.{name}"
        self.changes.append(
            {"address": address, "mode": "data", "type": kind, "name": name, "change": change}
        )
        self.configuration["resources"].append(
            {"address": address, "mode": "data", "type": kind, "name": name, "expressions": expressions}
        )
        return self

    def _configure(
        self, module: str, kind: str, name: str, values: Json, refers: dict[str, list[str]] | None
    ) -> None:
        expressions = {key: {"constant_value": value} for key, value in values.items()}
        expressions |= {key: {"references": each} for key, each in (refers or {}).items()}
        content = self.configuration
        for part in module.replace("module.", "").split(".") if module else ():
            call = content["module_calls"].setdefault(part, {"module": {"resources": [], "module_calls": {}}})
            content = call["module"]
        row = {"mode": "managed", "type": kind, "name": name, "expressions": expressions}
        if row not in content["resources"]:
            content["resources"].append(row)

    def call(self, module: str, **variables: list[str]) -> "Plan":
        """Pass variables to a module."""
        self.configuration["module_calls"][module]["expressions"] = {
            name: {"references": each} for name, each in variables.items()
        }
        return self

    @property
    def value(self) -> Json:
        """The plan as `terraform show -json` prints it."""
        children = [
            {"address": module, "resources": resources}
            for module, resources in self.modules.items()
            if module
        ]
        root = {"resources": self.modules[""], "child_modules": children}
        return {
            "format_version": "1.2",
            "terraform_version": "1.9.0",
            "planned_values": {"root_module": root},
            "resource_changes": self.changes,
            "configuration": {"root_module": self.configuration},
        }


def role(name: str = "deploy", plan: Plan | None = None, **more: Any) -> Plan:  # noqa: ANN401 - attributes
    """Plan a role that does not exist yet."""
    values = {"name": name, "assume_role_policy": document(EC2), **more}
    # Terraform knows neither what AWS fills nor what nobody wrote.
    unknown = {"arn": True, "id": True, "inline_policy": True, "managed_policy_arns": True}
    return (plan or Plan()).add(
        "aws_iam_role", name, values, {key: each for key, each in unknown.items() if key not in more}
    )


def attached(policy: Json, unknown: Json | None = None, refers: dict[str, list[str]] | None = None) -> Plan:
    """Plan a role and one attachment to it."""
    values = {"role": "deploy", **policy}
    return role().add("aws_iam_role_policy_attachment", "to", values, unknown, refers)


LATER: Json = {"statement": [{"effect": "Allow", "actions": ["s3:GetObject"], "resources": [None]}]}
LATER_UNKNOWN: Json = {"statement": [{"actions": [False], "resources": [True]}]}


def read_later(action: str, resource: str, **more: Any) -> Plan:  # noqa: ANN401 - of the statement
    """Plan a role with a policy of which one resource is known at apply only."""
    after, unknown = deepcopy(LATER), deepcopy(LATER_UNKNOWN)
    after["statement"][0] |= {"actions": [action], **more}
    plan = role().add("aws_s3_bucket", "b", {}, {"arn": True})
    plan.add("aws_sfn_activity", "s", {}, {"arn": True})
    return plan.read_later(
        "own",
        after,
        unknown,
        {"statement": [{"resources": {"references": [resource, resource.rpartition(".")[0]]}}]},
    ).add(
        "aws_iam_role_policy",
        "own",
        {"role": "deploy"},
        {"policy": True},
        {"policy": ["data.aws_iam_policy_document.own.json", "data.aws_iam_policy_document.own"]},
    )


CASES: dict[str, tuple[Plan, list[tuple[str, str]]]] = {
    "a managed policy of AWS": (
        attached({"policy_arn": ADMIN}),
        [(ROOT, "aws_iam_role_policy_attachment.to")],
    ),
    "reading": (
        role().add("aws_iam_role_policy", "own", {"role": "deploy", "policy": READ}),
        [],
    ),
    "an inline block": (role(inline_policy=[{"name": "x", "policy": ALL}]), [(ROOT, "aws_iam_role.deploy")]),
    "a policy of which the ARN is not known yet": (
        attached(
            {}, {"policy_arn": True}, {"policy_arn": ["aws_iam_policy.all.arn", "aws_iam_policy.all"]}
        ).add("aws_iam_policy", "all", {"name": "all", "policy": ALL}, {"arn": True}),
        [(ROOT, "aws_iam_role_policy_attachment.to")],
    ),
    "a policy of elsewhere": (
        attached({}, {"policy_arn": True}, {"policy_arn": ["local.policy"]}),
        [("undecided", "aws_iam_role.deploy")],
    ),
    "a role of which the name is not known yet": (
        Plan()
        .add(
            "aws_iam_role",
            "r",
            {"assume_role_policy": document(EC2)},
            {"name": True, "arn": True},
            {"name": ["var.x"]},
        )
        .add(
            "aws_iam_role_policy_attachment",
            "to",
            {"policy_arn": ADMIN},
            {"role": True},
            {"role": ["aws_iam_role.r.name", "aws_iam_role.r"]},
        ),
        [(ROOT, "aws_iam_role_policy_attachment.to")],
    ),
    "a document that is not known yet": (
        role().add(
            "aws_iam_role_policy", "own", {"role": "deploy"}, {"policy": True}, {"policy": ["local.text"]}
        ),
        [("undecided", "aws_iam_role.deploy")],
    ),
    "a document of which one bucket is not known yet": (
        read_later("s3:GetObject", "aws_s3_bucket.b.arn"),
        [],
    ),
    "one of which a resource may be anything": (
        read_later("iam:*", "local.anything"),
        [("undecided", "aws_iam_role_policy.own")],
    ),
    "one that allows everything on whatever it is": (
        read_later("*", "local.anything"),
        [("undecided", "aws_iam_role.deploy")],
    ),
    "one that is harmless on whatever it is": (read_later("s3:GetObject", "local.anything"), []),
    "a trust in everybody": (
        role(assume_role_policy=document({**EC2, "Principal": "*"})),
        [("no-public-trust", "aws_iam_role.deploy")],
    ),
    "a permission set with its parts": (
        Plan()
        .add("aws_ssoadmin_permission_set", "s", {"name": "s"}, {"arn": True})
        .add(
            "aws_ssoadmin_managed_policy_attachment",
            "m",
            {"managed_policy_arn": ADMIN},
            {"permission_set_arn": True},
            {"permission_set_arn": ["aws_ssoadmin_permission_set.s.arn", "aws_ssoadmin_permission_set.s"]},
        ),
        [(ROOT, "aws_ssoadmin_managed_policy_attachment.m")],
    ),
    "the same within a boundary": (
        Plan()
        .add("aws_ssoadmin_permission_set", "s", {"name": "s"}, {"arn": True})
        .add(
            "aws_ssoadmin_managed_policy_attachment",
            "m",
            {"managed_policy_arn": ADMIN},
            {"permission_set_arn": True},
            {"permission_set_arn": ["aws_ssoadmin_permission_set.s.arn", "aws_ssoadmin_permission_set.s"]},
        )
        .add(
            "aws_ssoadmin_permissions_boundary_attachment",
            "b",
            {
                "permissions_boundary": [
                    {
                        "managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
                        "customer_managed_policy_reference": [],
                    }
                ]
            },
            {"permission_set_arn": True},
            {"permission_set_arn": ["aws_ssoadmin_permission_set.s.arn", "aws_ssoadmin_permission_set.s"]},
        ),
        [],
    ),
    "a role that a module gets by a variable": (
        Plan()
        .add("aws_iam_role", "r", {"assume_role_policy": document(EC2)}, {"name": True}, {"name": ["var.x"]})
        .add(
            "aws_iam_role_policy",
            "own",
            {"policy": ALL},
            {"role": True},
            {"role": ["var.role"]},
            module="module.grant",
        )
        .call("grant", role=["aws_iam_role.r.name", "aws_iam_role.r"]),
        [(ROOT, "module.grant.aws_iam_role_policy.own")],
    ),
    "a role of the provider that follows CloudFormation": (
        Plan().add(
            "awscc_iam_role",
            "r",
            {
                "role_name": "r",
                "assume_role_policy_document": document(EC2),
                "policies": [{"policy_name": "x", "policy_document": ALL}],
            },
        ),
        [(ROOT, "awscc_iam_role.r")],
    ),
    "a template that it deploys": (
        Plan().add(
            "aws_cloudformation_stack_set",
            "all",
            {
                "template_body": json.dumps(
                    {
                        "Resources": {
                            "R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [ADMIN]}}
                        }
                    }
                )
            },
        ),
        [(ROOT, "aws_cloudformation_stack_set.all")],
    ),
    "what Cloud Control makes": (
        Plan().add(
            "aws_cloudcontrolapi_resource",
            "user",
            {"type_name": "AWS::IAM::User", "desired_state": json.dumps({"ManagedPolicyArns": [ADMIN]})},
        ),
        [(ROOT, "aws_cloudcontrolapi_resource.user")],
    ),
    "resources of other providers": (
        Plan()
        .add("google_project_iam_member", "x", {"role": "roles/owner"})
        .add("random_id", "r", {}, {"hex": True}),
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_plan_is_judged_as_what_it_makes(name: str) -> None:
    """People who deploy with Terraform hear what the pack would say, and nothing unknown is called fine."""
    plan, expected = CASES[name]

    assert rules_of(read_plan(plan.value)) == expected


def test_instances_are_joined_by_their_index() -> None:
    """Of roles made with for_each, the one is told that has the policy, and no other."""
    plan = Plan()
    for index in ("dev", "ops"):
        values = {"assume_role_policy": document(EC2)}
        plan.add("aws_iam_role", "r", values, {"name": True}, {"name": ["each.key"]}, index=index)
    for index, arn in (("dev", "arn:aws:iam::aws:policy/ReadOnlyAccess"), ("ops", ADMIN)):
        refers = {"role": ["aws_iam_role.r", "each.key"]}
        plan.add(
            "aws_iam_role_policy_attachment", "to", {"policy_arn": arn}, {"role": True}, refers, index=index
        )

    assert rules_of(read_plan(plan.value)) == [(ROOT, 'aws_iam_role_policy_attachment.to["ops"]')]


@pytest.mark.parametrize(("indexes", "given"), [(("dev", "o.ps"), '"o.ps"'), ((0, 1), "1")])
@pytest.mark.parametrize("own", [0, 1, None])
def test_an_index_that_is_written_out_comes_before_ones_own(
    indexes: tuple[str | int, ...], given: str, own: int | None
) -> None:
    """Who writes `r["ops"]` means that one, whichever instance of another resource it is written in."""
    plan = Plan()
    for index, policy in zip(indexes, (READ, ALL), strict=True):
        plan.add("aws_iam_policy", "p", {"name": f"p-{index}", "policy": policy}, {"arn": True}, index=index)
    refers = {
        "policy_arn": [f"aws_iam_policy.p[{given}].arn", f"aws_iam_policy.p[{given}]", "aws_iam_policy.p"]
    }
    attached_by = None if own is None else indexes[own]
    plan.add("aws_iam_role", "r", {"name": "r", "assume_role_policy": document(EC2)})
    plan.add(
        "aws_iam_role_policy_attachment", "to", {"role": "r"}, {"policy_arn": True}, refers, index=attached_by
    )

    (told,) = rules_of(read_plan(plan.value))

    assert told[0] == ROOT
    assert told[1].startswith("aws_iam_role_policy_attachment.to")


def test_a_state_is_read_as_a_plan_is() -> None:
    """What Terraform made already is judged without a plan."""
    plan = attached({"policy_arn": ADMIN}).value
    state = {"format_version": "1.0", "values": plan["planned_values"]}

    assert is_terraform(state)
    assert rules_of(read_plan(state)) == [(ROOT, "aws_iam_role_policy_attachment.to")]


@pytest.mark.parametrize(
    "broken",
    [
        {"format_version": "9.0", "planned_values": {}},
        {"format_version": "1.0", "resource_changes": []},
        {"format_version": "1.0", "planned_values": 1},
        {"format_version": "1.0", "planned_values": {"root_module": []}},
    ],
)
def test_a_plan_of_another_layout_is_not_read(broken: Json) -> None:
    """A plan that is read wrong would vouch for what nobody saw."""
    with pytest.raises(NotThisFormError):
        read_plan(broken)


def test_what_terraform_keeps_secret_is_judged_and_not_shown() -> None:
    """A sensitive value must not reach a pipeline's log."""
    plan = role().add("aws_iam_role_policy", "own", {"role": "deploy", "policy": ALL})
    plan.modules[""][-1]["sensitive_values"] = {"policy": True}
    (resource,) = [
        each for each in read_plan(plan.value).resources.values() if each.type.endswith("RolePolicy")
    ]

    assert resource.secret
    assert rules_of(read_plan(plan.value)) == [(ROOT, "aws_iam_role_policy.own")]
