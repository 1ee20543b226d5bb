"""What a planned resource is: a type, a name, inputs and options as data, and no engine.

`identity_center.resources` makes what is planned; whatever has to know resources without an engine reads it.
Inputs have the provider's own names at every level. A value may be anything that an engine takes, such as an
output that another program knows later: nothing here looks into values.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final, NamedTuple

from identity_center.model.language.keys.values import camel_case

#: The types of `pulumi-aws` that are made here.
USER: Final = "aws:identitystore/user:User"
GROUP: Final = "aws:identitystore/group:Group"
MEMBERSHIP: Final = "aws:identitystore/groupMembership:GroupMembership"
PERMISSION_SET: Final = "aws:ssoadmin/permissionSet:PermissionSet"
MANAGED_POLICIES: Final = "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"
CUSTOMER_POLICY: Final = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment"
INLINE_POLICY: Final = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
BOUNDARY: Final = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"
ASSIGNMENT: Final = "aws:ssoadmin/accountAssignment:AccountAssignment"
APPLICATION: Final = "aws:ssoadmin/application:Application"
APPLICATION_ASSIGNMENT: Final = "aws:ssoadmin/applicationAssignment:ApplicationAssignment"
ATTRIBUTES: Final = "aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes"
REGION: Final = "aws:ssoadmin/region:Region"
ACCOUNT_ACCESS: Final = "aws:accountaccess/application:Application"
ENTITLEMENT: Final = "aws:accountaccess/entitlement:Entitlement"
ROOT_FEATURES: Final = "aws:iam/organizationsFeatures:OrganizationsFeatures"
CONTROL_POLICY: Final = "aws:organizations/policy:Policy"
CONTROL_POLICY_ATTACHMENT: Final = "aws:organizations/policyAttachment:PolicyAttachment"
IAM_POLICY: Final = "aws:iam/policy:Policy"
IAM_GROUP_POLICY: Final = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
IAM_USER_POLICY: Final = "aws:iam/userPolicyAttachment:UserPolicyAttachment"

#: Types of components begin with it.
COMPONENTS: Final = "identity-center:index:"


class Id(NamedTuple):
    """Which planned resource is meant: no two of a plan have the same type and key."""

    type: str
    key: str


class Ref(NamedTuple):
    """An output of another planned resource, in the place of a value."""

    type: str
    key: str
    output: str
    """Its name as the provider has it, such as `userId`."""
    once: Id | None = None
    """What has to be made as well before the value is known to be of use."""


@dataclass(frozen=True)
class Secret:
    """A value that the state keeps encrypted."""

    value: object


@dataclass(frozen=True)
class PlannedResource:
    """One resource, a component or one of AWS, as it is to be registered."""

    type: str
    key: str
    """Its name in the stack: made of keys that stay, so that no label moves it."""
    inputs: Mapping[str, object]
    parent: Id | None = None
    depends_on: tuple[Id, ...] = ()
    protect: bool = False
    """Whether the engine refuses to delete it."""
    former_names: tuple[str, ...] = ()
    """Names that it had before, so that the engine keeps what is there."""
    was_in_the_stack: bool = False
    """Whether the state has it directly in the stack, without the component that it is a part of."""
    delete_before_replace: bool | None = None
    """Whether the old one goes before the new one is made; None: as the provider has it."""
    replace_on_changes: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    """Inputs that count when it is made, and never again."""
    retain_on_delete: bool = False
    """Whether it stays in AWS when it leaves the stack."""
    timeouts: Mapping[str, str] = field(default_factory=dict)
    """How long the engine lets the provider wait, by operation, such as `30m`; see plan/timeouts.py."""
    outputs: Mapping[str, object] = field(default_factory=dict)
    """Of a component: what it gives back, by name."""

    @property
    def id(self) -> Id:
        """Which one it is."""
        return Id(self.type, self.key)

    @property
    def is_component(self) -> bool:
        """Whether it is of ours, and nothing in AWS."""
        return self.type.startswith(COMPONENTS)

    def output(self, name: str) -> Ref:
        """Refer to one of its outputs."""
        return Ref(self.type, self.key, name)


#: What a component plans: itself first, then its parts, each after what it refers to.
Plan = tuple[PlannedResource, ...]


def moved_in(plan: Plan, moved: Collection[Id]) -> Plan:
    """Let the engine know these components again, which another stack's state gave to this one's."""
    return tuple(replace(part, was_in_the_stack=True) if part.id in moved else part for part in plan)


def component(name: str, key: str, inputs: Mapping[str, object], **options: Any) -> PlannedResource:  # noqa: ANN401  # fields of PlannedResource
    """Plan a component by its name, such as `User`."""
    return PlannedResource(f"{COMPONENTS}{name}", key, inputs, **options)


def given(**inputs: object) -> dict[str, object]:
    """Return the inputs that have a value, under the provider's names."""
    return {camel_case(name): value for name, value in inputs.items() if value is not None}


def shown(args: Mapping[str, object], *names: str) -> dict[str, object]:
    """Return the named arguments as policies see them among a component's inputs.

    Policies see of a component only what it passes on. What its parts hold anyway, people's attributes above
    all, is not passed: it would be in the state twice.
    """
    return {camel_case(name): _plain(args[name]) for name in names if args.get(name) is not None}


def _plain(value: object) -> object:
    # The SDK sends no enum of Python's own to the engine.
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.value if isinstance(value, Enum) else value


def references(value: object) -> Iterator[Ref]:
    """Yield every reference in a value."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)
