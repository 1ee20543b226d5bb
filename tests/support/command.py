"""`identity-center` as a test runs it, and records of one small stack, as the engine writes them."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from identity_center_cli.main import main
from tests.support.terminal import Terminal

PROVIDER: Final = "urn:pulumi:dev::own::pulumi:providers:aws::default"
SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111"
SECRET_MARK: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
Json = dict[str, Any]


def resource(token: str, name: str, inputs: Json, **more: Any) -> Json:  # noqa: ANN401 - as the engine writes it
    """Record a resource, its outputs the same as its inputs but for what is given."""
    outputs = {**inputs, **more.pop("outputs", {})}
    urn = f"urn:pulumi:dev::own::{token}::{name}"
    provider = f"{PROVIDER}::11111111-1111-1111-1111-111111111111"
    made = {"urn": urn, "custom": True, "id": name, "type": token, "inputs": inputs, "outputs": outputs}
    return {**made, "provider": provider, **more}


@dataclass
class Recorded:
    """A stack in which ada is in a group that is assigned a permission set in one account."""

    managed: list[str]
    inline: str | Json | None = None
    mfa: str = "always-on"
    extra: list[Json] = field(default_factory=list)

    @property
    def resources(self) -> list[Json]:
        """Every resource, as a deployment lists it."""
        declared = {
            "promptMode": self.mfa,
            "noDevice": "register",
            "identityProvider": "built-in",
            "confirmedBy": "identity team",
            "validUntil": "2027-01-15",
        }
        found = [
            resource("identity-center:index:MfaRequirement", "mfa", declared, custom=False, provider=""),
            resource("aws:identitystore/user:User", "ada", {"userName": "ada"}, outputs={"userId": "u-1"}),
            resource(
                "aws:identitystore/group:Group",
                "devs",
                {"displayName": "Developers"},
                outputs={"groupId": "g-1"},
            ),
            resource(
                "aws:identitystore/groupMembership:GroupMembership",
                "devs/ada",
                {"groupId": "g-1", "memberId": "u-1"},
            ),
            resource(
                "aws:ssoadmin/permissionSet:PermissionSet",
                "builders",
                {"name": "Builders"},
                outputs={"arn": SET_ARN},
            ),
            resource(
                "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
                "builders-managed",
                {
                    "permissionSetArn": SET_ARN,
                    "managedPolicyArns": [f"arn:aws:iam::aws:policy/{each}" for each in self.managed],
                },
            ),
            resource(
                "aws:ssoadmin/accountAssignment:AccountAssignment",
                "devs-builders",
                {
                    "permissionSetArn": SET_ARN,
                    "principalType": "GROUP",
                    "principalId": "g-1",
                    "targetId": "444444444444",
                },
            ),
        ]
        if self.inline is not None:
            token = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
            found.append(
                resource(token, "builders-inline", {"permissionSetArn": SET_ARN, "inlinePolicy": self.inline})
            )
        return [*found, *self.extra]

    def state(self) -> Json:
        """Write what `pulumi stack export` prints."""
        return {"version": 3, "deployment": {"manifest": {}, "resources": self.resources}}

    def events(self, *told: Json, ended: bool = True, result: str = "succeeded") -> str:
        """Write what a streaming preview prints."""
        every: list[Json] = [{"preludeEvent": {"config": {}}}]
        for each in self.resources:
            metadata = {"op": "same", "urn": each["urn"], "type": each["type"], "new": each}
            every.append({"resourcePreEvent": {"metadata": {**metadata, "new": {**each, "outputs": {}}}}})
            every.append({"resOutputsEvent": {"metadata": metadata}})
        every += told
        every += [{"summaryEvent": {"result": result}}, {"cancelEvent": {}}] if ended else []
        return "".join(
            json.dumps({"sequence": number, "timestamp": 1, **each}) + "\n"
            for number, each in enumerate(every)
        )


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    status: int
    output: str
    errors: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        """Read the output as JSON."""
        return json.loads(self.output)


@dataclass(frozen=True)
class Command:
    """`identity-center` in a folder of its own."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, given: str = "", typed: str | None = None) -> Ended:
        """Run it, with something on standard input: a file, or what a person types."""
        self.monkeypatch.chdir(self.folder)
        self.monkeypatch.setattr("sys.stdin", io.StringIO(given) if typed is None else Terminal(typed))
        status = main(arguments)
        found = self.captured.readouterr()
        return Ended(status, found.out, found.err)

    def write(self, name: str, content: str | Mapping[str, Any]) -> str:
        """Write a file and return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return name
