"""What the AWS CLI prints about identities and policies, as resources that the rules know.

Which answer a text is, its keys say. One that shows only a part, such as a role without its policies, is
judged by that part, and what it does not show is told.

Source of the layouts: IAM, IAM Identity Center and Organizations API references, the page of each call. The
API has documents percent-encoded; the CLI prints them as objects, other tools as texts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from identity_guard.stack.observe import NotYetKnown, Properties
from identity_guard.stack.resource_types import GROUP, PERMISSION_SET, POLICY, ROLE, USER
from identity_guard.stack.resources import Resource

from .reading import KeyPath, NotThisFormError, Place, Reading, Unseen, made_up_urn, objects
from .templates.template import read_template, template_in

Answer = Mapping[str, Any]
FORM: Final = "aws"
_DETAILS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList")
_MEMBERSHIP: Final = "aws:iam/userGroupMembership:UserGroupMembership"
_CUT: Final = "the answer was cut off, so it does not show everything: ask again without --max-items"


def is_answer(value: object) -> bool:
    """Say whether a value is an answer that holds policies, or that names what does."""
    return isinstance(value, Mapping) and _reader_of(value) is not None


def is_limit(value: object) -> bool:
    """Say whether an answer is about a policy of the organisation, which grants nothing."""
    return isinstance(value, Mapping) and _has(value, "Policy", "Content", "PolicySummary")


def read_answer(value: Answer) -> Reading:
    """Read an answer. Raises NotThisFormError where its parts are laid out otherwise."""
    reader = _reader_of(value)
    if reader is None:
        raise NotThisFormError("it is no answer of the AWS CLI that is read here")
    reading = Reading()
    try:
        reader(value, reading)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotThisFormError(f"it looks like an answer of the AWS CLI, and lacks {error}") from error
    if value.get("IsTruncated") or value.get("NextToken") or value.get("Marker"):
        reading.unseen.append(Unseen(_CUT))
    return reading


def _details(value: Answer, reading: Reading) -> None:
    """`iam get-account-authorization-details`."""
    for number, policy in enumerate(objects(value.get("Policies"))):
        _policy(policy, ("Policies", number), reading)
    for number, group in enumerate(objects(value.get("GroupDetailList"))):
        _identity(GROUP, "Group", group, ("GroupDetailList", number), reading)
    for number, user in enumerate(objects(value.get("UserDetailList"))):
        _identity(USER, "User", user, ("UserDetailList", number), reading)
    for number, role in enumerate(objects(value.get("RoleDetailList"))):
        _identity(ROLE, "Role", role, ("RoleDetailList", number), reading)


def _identity(kind: str, called: str, each: Answer, path: KeyPath, reading: Reading) -> None:
    """Take in an identity with all that the authorization details say of it."""
    name = str(each[f"{called}Name"])
    arn = str(each["Arn"])
    place = Place(f"{called.lower()} {name}", path)
    urn = made_up_urn(FORM, kind, arn)
    inputs: dict[str, Any] = {
        "name": name,
        "managedPolicyArns": [str(one["PolicyArn"]) for one in objects(each.get("AttachedManagedPolicies"))],
        "inlinePolicies": [
            {"name": str(one["PolicyName"]), "policy": decoded(one["PolicyDocument"])}
            for one in objects(each.get(f"{called}PolicyList"))
        ],
    }
    if each.get("AssumeRolePolicyDocument"):
        inputs["assumeRolePolicy"] = decoded(each["AssumeRolePolicyDocument"])
    if boundary := (each.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"):
        inputs["permissionsBoundary"] = str(boundary)
    if not inputs["inlinePolicies"]:
        del inputs["inlinePolicies"]
    if not inputs["managedPolicyArns"]:
        del inputs["managedPolicyArns"]
    reading.add(_resource(kind, urn, name, inputs, arn), place)
    if each.get("GroupList"):
        groups = {"user": name, "groups": [str(one) for one in each["GroupList"]]}
        member = made_up_urn(FORM, _MEMBERSHIP, arn)
        reading.add(_resource(_MEMBERSHIP, member, name, groups, None, _account_of(arn)), place)


def _policy(each: Answer, path: KeyPath, reading: Reading) -> None:
    """Take in a managed policy with the text that is in force."""
    arn, name = str(each["Arn"]), str(each["PolicyName"])
    versions = [one for one in objects(each.get("PolicyVersionList")) if one.get("IsDefaultVersion")]
    if not versions:
        reading.unseen.append(Unseen("it is listed without its text", Place(f"policy {name}", path)))
        return
    inputs = {
        "name": name,
        "path": str(each.get("Path") or "/"),
        "policy": decoded(versions[0].get("Document")),
    }
    urn = made_up_urn(FORM, POLICY, arn)
    reading.add(_resource(POLICY, urn, name, inputs, arn), Place(f"policy {name}", path))


def _details_alone(value: Answer, reading: Reading) -> None:
    """One identity of the authorization details, as `--query` cuts it out."""
    kind, called = _detailed(value)
    _identity(kind, called, value, (), reading)


def _detailed(value: Answer) -> tuple[str, str]:
    return next((kind, called) for kind, called in _IDENTITIES if f"{called}Name" in value)


def _is_detailed(value: Answer) -> bool:
    """Say whether an object has an identity's name and its lists of policies."""
    return "Arn" in value and any(
        f"{called}Name" in value and any(name in value for name in (f"{called}PolicyList", *_LISTS_OF_ALL))
        for _, called in _IDENTITIES
    )


_IDENTITIES: Final = ((ROLE, "Role"), (USER, "User"), (GROUP, "Group"))
_LISTS_OF_ALL: Final = ("AttachedManagedPolicies", "InstanceProfileList", "GroupList")


def _policy_alone(value: Answer, reading: Reading) -> None:
    """One managed policy of the authorization details."""
    _policy(value, (), reading)


def _template(value: Answer, reading: Reading) -> None:
    """`cloudformation get-template`, `describe-stack-set`: as an object, or as a text of either form."""
    path: KeyPath = ("TemplateBody",) if "TemplateBody" in value else ("StackSet", "TemplateBody")
    whole = value if "TemplateBody" in value else value["StackSet"]
    body = whole["TemplateBody"]
    if isinstance(body, str):
        found = template_in(body, "")
        if found is None:
            raise NotThisFormError("its `TemplateBody` cannot be read as a template")
        reading.add_all(found)
        reading.places |= {urn: Place(each.name, path) for urn, each in found.places.items()}
        return
    found = read_template(body)
    reading.add_all(found)
    reading.places |= {urn: Place(each.name, (*path, *each.path)) for urn, each in found.places.items()}


def _role(value: Answer, reading: Reading) -> None:
    """`iam get-role`, `create-role`."""
    _role_alone(value["Role"], ("Role",), reading)


def _bare_role(value: Answer, reading: Reading) -> None:
    """Take in a role that `--query` cut out, or that `iam create-role` is given."""
    _role_alone(value, (), reading)


def _roles(value: Answer, reading: Reading) -> None:
    """`iam list-roles`."""
    for number, role in enumerate(objects(value["Roles"])):
        _role_alone(role, ("Roles", number), reading)


def _profiles(value: Answer, reading: Reading) -> None:
    """`iam list-instance-profiles`, `get-instance-profile`."""
    many = value.get("InstanceProfiles")
    profiles = (
        [(("InstanceProfile",), value["InstanceProfile"])]
        if many is None
        else [(("InstanceProfiles", number), each) for number, each in enumerate(objects(many))]
    )
    for path, profile in profiles:
        for number, role in enumerate(objects(profile.get("Roles"))):
            _role_alone(role, (*path, "Roles", number), reading)


def _role_alone(role: Answer, path: KeyPath, reading: Reading) -> None:
    name, arn = str(role["RoleName"]), str(role.get("Arn") or role["RoleName"])
    inputs: dict[str, Any] = {"name": name}
    if role.get("AssumeRolePolicyDocument"):
        inputs["assumeRolePolicy"] = decoded(role["AssumeRolePolicyDocument"])
    place = Place(f"role {name}", path)
    reading.add(_resource(ROLE, made_up_urn(FORM, ROLE, arn), name, inputs, arn), place)
    why = "its trust policy was looked at; the answer does not show the policies that it holds"
    reading.unseen.append(Unseen(why, place))


def _inline(value: Answer, reading: Reading) -> None:
    """`iam get-role-policy`, `get-user-policy`, `get-group-policy`."""
    kind, called = _detailed(value)
    name = str(value[f"{called}Name"])
    inputs = {
        "name": name,
        "inlinePolicies": [{"name": str(value["PolicyName"]), "policy": decoded(value["PolicyDocument"])}],
    }
    place = Place(f"{called.lower()} {name}", ("PolicyDocument",))
    reading.add(_resource(kind, made_up_urn(FORM, kind, name), name, inputs), place)


def _document(value: Answer, reading: Reading) -> None:
    """Take in a version that `--query` cut out, or what `iam create-policy` is given."""
    key = "PolicyDocument" if "PolicyDocument" in value else "Document"
    held(decoded(value[key]), Place(str(value.get("PolicyName") or "the policy's text"), (key,)), reading)


def _version(value: Answer, reading: Reading) -> None:
    """`iam get-policy-version`: a text, without the name of its policy."""
    version = value["PolicyVersion"]
    held(decoded(version["Document"]), Place("the policy's text", ("PolicyVersion", "Document")), reading)


def _attached(value: Answer, reading: Reading) -> None:
    """`iam list-attached-role-policies` and its like; `sso-admin list-managed-policies-in-permission-set`."""
    key = "AttachedPolicies" if "AttachedPolicies" in value else "AttachedManagedPolicies"
    arns = [str(one.get("PolicyArn") or one["Arn"]) for one in objects(value[key])]
    if arns:
        name = "whoever has these policies"
        urn = made_up_urn(FORM, PERMISSION_SET, "attached policies")
        inputs = (
            {"managedPolicies": arns} if key == "AttachedManagedPolicies" else {"managedPolicyArns": arns}
        )
        kind = PERMISSION_SET if key == "AttachedManagedPolicies" else ROLE
        reading.add(_resource(kind, urn, name, inputs), Place("the attached policies", (key,)))


def _policies(value: Answer, reading: Reading) -> None:
    """`iam list-policies`: no texts."""
    for number, policy in enumerate(objects(value["Policies"])):
        _policy(policy, ("Policies", number), reading)


def _permission_set(value: Answer, reading: Reading) -> None:
    """`sso-admin get-inline-policy-for-permission-set`."""
    text = value["InlinePolicy"]
    if text:
        inputs = {"inlinePolicy": decoded(text)}
        urn = made_up_urn(FORM, PERMISSION_SET, "inline policy")
        reading.add(
            _resource(PERMISSION_SET, urn, "of the answer", inputs),
            Place("the inline policy", ("InlinePolicy",)),
        )
    else:
        reading.unseen.append(Unseen("the permission set has no inline policy"))


def _names(value: Answer, reading: Reading) -> None:
    """Answers that name policies, and hold no text."""
    key = next(key for key in NAMES_ONLY if key in value)
    reading.unseen.append(Unseen(NAMES_ONLY[key]))


def held(document: Any, place: Place, reading: Reading) -> None:  # noqa: ANN401 - a text or an object
    """Take in a document as if somebody held it and nothing else."""
    inputs = {"name": place.name, "inlinePolicies": [{"policy": document}]}
    reading.add(_resource(ROLE, made_up_urn(FORM, ROLE, place.name), place.name, inputs), place)


def decoded(document: Any) -> Any:  # noqa: ANN401 - as above
    """Return a document as an object or a text of JSON; unknown where it is neither."""
    if isinstance(document, Mapping):
        return document
    if isinstance(document, str):
        return unquote(document) if document.lstrip().startswith("%7B") else document
    return NotYetKnown("document")


def _resource(  # noqa: PLR0913, PLR0917 - all that makes a resource
    kind: str, urn: str, name: str, inputs: Answer, arn: str | None = None, account: str | None = None
) -> Resource:
    outputs = {"arn": arn} if arn is not None else {}
    where = account or (_account_of(arn) if arn is not None else None)
    return Resource(
        kind, urn, name, inputs=Properties(inputs), outputs=Properties(outputs), provider_account=where
    )


def _account_of(arn: str) -> str | None:
    parts = arn.split(":")
    found = parts[4] if len(parts) > 5 else ""  # noqa: PLR2004 - arn:partition:iam::ACCOUNT:what
    return found if found.isdigit() else None


def _has(value: Answer, *keys: str) -> bool:
    found: Any = value
    *outer, last = keys
    if outer:
        found = value.get(outer[0])
        return isinstance(found, Mapping) and all(key in found for key in keys[1:])
    return last in found


NAMES_ONLY: Final[Mapping[str, str]] = {
    "PolicyNames": "it names inline policies; `aws iam get-role-policy` and its like print their texts",
    "Versions": "it lists versions of a policy; `aws iam get-policy-version` prints the text of one",
    "CustomerManagedPolicyReferences": "it names customer-managed policies; their texts are in each account",
    "PermissionSets": "it lists ARNs; `aws sso-admin get-inline-policy-for-permission-set` "
    "and `list-managed-policies-in-permission-set` print what they hold",
    "PermissionSet": "it describes a permission set without its policies",
    "AccountAssignments": "it lists assignments, and no policies",
    "PolicyRoles": "it lists who has a policy, and not its text",
    "Users": "it lists users without their policies; `aws iam get-account-authorization-details` shows all",
    "Groups": "it lists groups without their policies; `aws iam get-account-authorization-details` shows all",
    "User": "it describes a user without its policies",
    "Group": "it describes a group without its policies",
    "Policy": "it describes a policy without its text; `aws iam get-policy-version` prints it",
    "PermissionsBoundary": "it names a boundary, which grants nothing",
    "Policies": "it lists policies without their texts; `aws organizations describe-policy` prints one",
    "Instances": "it lists instances of IAM Identity Center, and no policies",
    "AccessKeyMetadata": "it lists access keys, and no policies",
}
"""Answers of the CLI that hold no policy, by their first key, and what would show it."""

_Reader = Callable[[Answer, Reading], None]


def _readers() -> Iterator[tuple[Callable[[Answer], bool], _Reader]]:
    """Yield how each answer is known, and who reads it; the first that knows it counts."""
    yield lambda value: any(key in value for key in _DETAILS), _details
    yield _is_detailed, _details_alone
    yield lambda value: "PolicyVersionList" in value and "PolicyName" in value, _policy_alone
    yield lambda value: _has(value, "Role", "RoleName"), _role
    yield lambda value: "RoleName" in value and "AssumeRolePolicyDocument" in value, _bare_role
    yield lambda value: _lists(value, "Roles", "RoleName"), _roles
    yield lambda value: "InstanceProfiles" in value or _has(value, "InstanceProfile", "Roles"), _profiles
    yield lambda value: "PolicyDocument" in value and "PolicyName" in value and _is_named(value), _inline
    yield _is_document, _document
    yield lambda value: _has(value, "TemplateBody") or _has(value, "StackSet", "TemplateBody"), _template
    yield lambda value: _has(value, "PolicyVersion", "Document"), _version
    yield lambda value: "AttachedPolicies" in value or "AttachedManagedPolicies" in value, _attached
    yield lambda value: _lists(value, "Policies", "PolicyName") and "Statement" not in value, _policies
    yield _is_inline_of_set, _permission_set
    yield _is_names_only, _names


def _is_named(value: Answer) -> bool:
    return any(f"{called}Name" in value for _, called in _IDENTITIES)


def _is_document(value: Answer) -> bool:
    return "PolicyDocument" in value or ("Document" in value and "IsDefaultVersion" in value)


def _is_inline_of_set(value: Answer) -> bool:
    """Say whether it is the answer, or what `put-inline-policy-to-permission-set` is given."""
    return isinstance(value.get("InlinePolicy"), str) and set(value) <= {
        "InlinePolicy",
        "InstanceArn",
        "PermissionSetArn",
    }


def _lists(value: Answer, key: str, has: str) -> bool:
    found = value.get(key)
    return isinstance(found, list) and (not found or (isinstance(found[0], Mapping) and has in found[0]))


def _is_names_only(value: Answer) -> bool:
    kept = set(value) - {
        "IsTruncated",
        "Marker",
        "NextToken",
        "ResponseMetadata",
        "PolicyGroups",
        "PolicyUsers",
    }
    if kept == {"Users", "Group"}:
        return True  # `iam get-group` has both.
    # The policy of a bucket or of a key is a text there.
    of_a_resource = isinstance(value.get("Policy"), str)
    return (
        len(kept) == 1
        and kept <= set(NAMES_ONLY)
        and not of_a_resource
        and not _has(value, "Policy", "Content")
    )


def _reader_of(value: Answer) -> _Reader | None:
    return next((reader for knows, reader in _readers() if knows(value)), None)
