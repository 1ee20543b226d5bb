"""The real engine runs the pack's folder, copied alone, over recorded states and with its configuration."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_guard.pack import registration
from identity_guard.pack.all_rules import RULES
from identity_guard.rules.rule import Rule
from tests.choice import choice
from tests.support.unfolded import UNFOLDED
from tools.docs.rule_pages import Example, examples_of

pytestmark = pytest.mark.engine

PACK: Final = Path(registration.__file__).parents[2]
PAGES: Final = Path(__file__).parents[3] / "docs" / "rules"
PROVIDER: Final = "urn:pulumi:dev::project::pulumi:providers:aws::default"
PROVIDER_ID: Final = "11111111-1111-1111-1111-111111111111"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    output: str


@dataclass(frozen=True)
class Analyzer:
    """`pulumi policy analyze` in a folder of its own, with a copy of the pack."""

    folder: Path
    environment: dict[str, str]

    def analyze(self, state: Mapping[str, Any], *options: str) -> Ended:
        """Analyze a state."""
        (self.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
        pulumi = shutil.which("pulumi", path=self.environment["PATH"])
        assert pulumi is not None
        command = [pulumi, "policy", "analyze", "--policy-pack", "alone", "--file", "state.json", *options]
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return Ended(ended.returncode, ended.stdout)

    def configured(self, example: Example, rule: Rule) -> Ended:
        """Analyze an example with the configuration that it takes."""
        given = json.dumps({rule.name: example.configuration})
        (self.folder / "example.json").write_text(given, encoding="utf-8")
        return self.analyze(state_of(example), "--policy-pack-config", "example.json")


@pytest.fixture
def analyzer(sandbox_environment: dict[str, str], tmp_path: Path) -> Analyzer:
    """Copy the pack alone into an empty folder."""
    shutil.copytree(PACK, tmp_path / "alone", ignore=shutil.ignore_patterns("__pycache__"))
    return Analyzer(tmp_path, sandbox_environment)


def state_of(example: Example) -> dict[str, Any]:
    """Record an example as a state, in which everything is known."""
    resources = yaml.safe_load(example.stack)["resources"]
    urns = {name: f"urn:pulumi:dev::project::{each['type']}::{name}" for name, each in resources.items()}
    outputs: dict[str, dict[str, Any]] = {}
    recorded: list[dict[str, Any]] = [
        {"urn": PROVIDER, "custom": True, "id": PROVIDER_ID, "type": "pulumi:providers:aws"}
    ]
    for name, resource in resources.items():
        inputs = {
            key: re.sub(r"\$\{(\w+)\.(\w+)\}", lambda found: str(outputs[found[1]][found[2]]), value)
            if isinstance(value, str)
            else value
            for key, value in resource.get("properties", {}).items()
        }
        made_up = {"arn": f"arn:aws:example:::{name}", "userId": f"u-{name}", "groupId": f"g-{name}"}
        outputs[name] = {**inputs, **made_up}
        entry = {"urn": urns[name], "type": resource["type"], "custom": True, "inputs": inputs}
        if resource["type"].startswith("aws:"):
            entry |= {"id": name, "provider": f"{PROVIDER}::{PROVIDER_ID}", "outputs": outputs[name]}
        else:
            # A component: its outputs are what it registers, not its arguments.
            entry |= {"custom": False, "outputs": {}}
        recorded.append(entry)
    manifest = {"time": "2026-11-20T00:00:00Z", "magic": "", "version": "v3.259.0"}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": recorded}}


@pytest.mark.parametrize(
    "rule", choice({str(rule.name): rule for rule in RULES}, "no-root-level-access", "access-as-a-whole")
)
def test_each_rules_examples_end_as_its_page_says(analyzer: Analyzer, rule: Rule) -> None:
    """The pack needs nothing outside its folder, and its exit status stops a pipeline."""
    refused, passes = examples_of(rule, PAGES)
    ended = analyzer.configured(refused, rule)

    assert f"[{rule.level.value}]" in ended.output, ended.output
    assert rule.name in ended.output
    assert (ended.status != 0) is (rule.level.value == "mandatory"), ended.output

    ended = analyzer.configured(passes, rule)

    assert ended.status == 0, ended.output
    assert "identity-guard@v" in ended.output
    assert "[" not in ended.output.partition("Policies:")[2].partition("Resources:")[0], ended.output


def test_messages_fit_where_a_preview_is_read(analyzer: Analyzer) -> None:
    """The engine indents what the pack says by ten columns: with these it stays within a hundred."""
    rule = next(each for each in RULES if each.name == "no-public-trust")
    refused, _ = examples_of(rule, PAGES)
    usual = {name: value for name, value in analyzer.environment.items() if name not in UNFOLDED}
    ended = replace(analyzer, environment=usual).configured(refused, rule)
    told = ended.output.partition("[mandatory]")[2].partition("Resources:")[0].splitlines()[1:]

    assert "            to do: " in [line[:19] for line in told], ended.output
    assert [line for line in told if len(line) > 100 and not line.lstrip().startswith("{")] == []


CONFIGURATIONS: Final = {
    "misspelt policy": (
        {"privilege-escalatoin": "mandatory"},
        "unknown name `privilege-escalatoin` (did you mean `privilege-escalation`?)",
    ),
    "misspelt property": (
        {"mfa-requirement": {"declred": {}}},
        "configuration of `mfa-requirement`: unknown name `declred` (did you mean `declared`?)",
    ),
    "misspelt field": ({"mfa-requirement": {"declared": {"promtMode": "always-on"}}}, "promtMode"),
    "wrong value": ({"mfa-requirement": {"declared": {"promptMode": "never"}}}, "promptMode"),
    "exception with a wildcard": (
        {
            "no-root-level-access": {
                "exceptions": [
                    {"principal": "*", "reason": "r", "owner": "o", "expires": "2027-01-01"},
                ]
            }
        },
        "`principal` names exactly one, without wildcards",
    ),
}


@pytest.mark.parametrize("case", choice(CONFIGURATIONS, "misspelt policy", "exception with a wildcard"))
def test_a_mistake_in_the_configuration_ends_the_run_and_is_named(
    analyzer: Analyzer, case: tuple[dict[str, Any], str]
) -> None:
    """The engine itself is silent about most of these, and would run other rules than were meant."""
    configuration, told = case
    (analyzer.folder / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    _, passes = examples_of(RULES[0], PAGES)
    ended = analyzer.analyze(state_of(passes), "--policy-pack-config", "config.json")

    assert ended.status != 0, ended.output
    assert told in ended.output, ended.output


def test_the_configuration_can_declare_and_raise_levels(analyzer: Analyzer) -> None:
    """A declaration in the configuration resets no level, and an advisory rule can be made to refuse."""
    escalation = next(rule for rule in RULES if rule.name == "privilege-escalation")
    (analyzer.folder / "config.json").write_text(
        json.dumps({"privilege-escalation": "mandatory"}), encoding="utf-8"
    )
    refused, _ = examples_of(escalation, PAGES)
    ended = analyzer.analyze(state_of(refused), "--policy-pack-config", "config.json")

    assert ended.status != 0
    assert "[mandatory]" in ended.output

    weak = {"promptMode": "disabled", "noDevice": "register", "identityProvider": "built-in"}
    declared = {"mfa-requirement": {"declared": weak | {"confirmedBy": "team", "validUntil": "2027-01-15"}}}
    (analyzer.folder / "config.json").write_text(json.dumps(declared), encoding="utf-8")
    requirement = next(rule for rule in RULES if rule.name == "mfa-requirement")
    ended = analyzer.analyze(
        state_of(examples_of(requirement, PAGES)[0]), "--policy-pack-config", "config.json"
    )

    assert ended.status != 0
    assert "[mandatory]" in ended.output
    assert "`promptMode` is `disabled`" in ended.output


NATIVE_PROVIDER: Final = "urn:pulumi:dev::project::pulumi:providers:aws-native::default"
ALLOW_ALL: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}
NATIVE: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "permission set": (
        "sso:PermissionSet",
        {"name": "Admin", "managedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
    ),
    "role": (
        "iam:Role",
        {"roleName": "ci", "policies": [{"policyName": "all", "policyDocument": ALLOW_ALL}]},
    ),
    "user": ("iam:User", {"userName": "bob", "policies": [{"policyName": "a", "policyDocument": ALLOW_ALL}]}),
    "managed policy": (
        "iam:ManagedPolicy",
        {"managedPolicyName": "all", "policyDocument": ALLOW_ALL, "roles": ["ci"]},
    ),
}


@pytest.mark.parametrize("name", choice({name: name for name in NATIVE}, "permission set"))
def test_types_of_aws_native_are_judged_in_a_recorded_state(analyzer: Analyzer, name: str) -> None:
    """A stack on the other AWS provider is no way around the pack."""
    kind, inputs = NATIVE[name]
    token = f"aws-native:{kind}"
    kind_of_provider = "pulumi:providers:aws-native"
    provider = {"urn": NATIVE_PROVIDER, "custom": True, "id": PROVIDER_ID, "type": kind_of_provider}
    made = {
        "urn": f"urn:pulumi:dev::project::{token}::made",
        "type": token,
        "custom": True,
        "id": "made",
        "inputs": inputs,
        "outputs": inputs,
        "provider": f"{NATIVE_PROVIDER}::{PROVIDER_ID}",
    }
    manifest = {"time": "2026-11-20T00:00:00Z", "magic": "", "version": "v3.259.0"}
    state = {"version": 3, "deployment": {"manifest": manifest, "resources": [provider, made]}}
    declared = {
        "promptMode": "always-on",
        "noDevice": "register",
        "identityProvider": "built-in",
        "confirmedBy": "identity team",
        "validUntil": "2027-01-15",
    }
    config = analyzer.folder / "declared.json"
    config.write_text(json.dumps({"mfa-requirement": {"declared": declared}}), encoding="utf-8")
    ended = analyzer.analyze(state, "--policy-pack-config", "declared.json")

    assert ended.status != 0, ended.output
    assert "no-root-level-access" in ended.output
    assert ended.output.count("[mandatory]") == 1, ended.output


def test_a_rule_that_fails_ends_the_run_and_is_named(analyzer: Analyzer) -> None:
    """The SDK would show the error's text, which may quote a value, and not say which rule it was."""
    rule = analyzer.folder / "alone" / "identity_guard" / "rules" / "public_trust.py"
    broken = rule.read_text(encoding="utf-8").replace(
        "def _judge(trust: Trust) -> Iterator[Finding]:\n",
        'def _judge(trust: Trust) -> Iterator[Finding]:\n    raise KeyError("hush0hush")\n',
    )
    rule.write_text(broken, encoding="utf-8")
    public = next(each for each in RULES if each.name == "no-public-trust")
    accepted = {"exceptions": [{"principal": "deploy", "reason": "r", "owner": "o", "expires": "2027-01-01"}]}
    (analyzer.folder / "config.json").write_text(json.dumps({public.name: accepted}), encoding="utf-8")
    _, passes = examples_of(public, PAGES)
    ended = analyzer.analyze(state_of(passes), "--policy-pack-config", "config.json")

    assert ended.status != 0, ended.output
    assert "rule `no-public-trust` of identity-guard failed on all resources: KeyError at" in ended.output
    assert "hush0hush" not in ended.output


def _recorded(name: str, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:dev::project::{kind}::{name}",
        "type": kind,
        "custom": True,
        "id": name,
        "provider": f"{PROVIDER}::{PROVIDER_ID}",
        "inputs": inputs,
        "outputs": inputs,
    }


def test_the_engine_tells_the_account_of_a_provider(analyzer: Analyzer) -> None:
    """A permission set holds the policies of its accounts; without this every such set would be undecided."""
    account, set_arn = (
        "444455556666",
        "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222",
    )
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    made: dict[str, tuple[str, dict[str, Any]]] = {
        "set": ("aws:ssoadmin/permissionSet:PermissionSet", {"name": "power", "arn": set_arn}),
        "company": ("aws:iam/policy:Policy", {"name": "Company", "policy": json.dumps(document)}),
        "own": (
            "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
            {"permissionSetArn": set_arn, "customerManagedPolicyReference": {"name": "Company"}},
        ),
        "use": (
            "aws:ssoadmin/accountAssignment:AccountAssignment",
            {
                "permissionSetArn": set_arn,
                "targetId": account,
                "principalType": "GROUP",
                "principalId": "g-1",
            },
        ),
    }
    provider = {
        "urn": PROVIDER,
        "custom": True,
        "id": PROVIDER_ID,
        "type": "pulumi:providers:aws",
        "inputs": {"allowedAccountIds": f'["{account}"]'},
    }
    recorded = [provider] + [_recorded(name, kind, inputs) for name, (kind, inputs) in made.items()]
    manifest = {"time": "2026-11-20T00:00:00Z", "magic": "", "version": "v3.259.0"}

    for told, refused in ((provider["inputs"], True), ({}, False)):
        provider |= {"inputs": told, "outputs": told}
        state = {"version": 3, "deployment": {"manifest": manifest, "resources": recorded}}
        output = analyzer.analyze(state).output
        assert ("permission set `set` has root-level access: it may" in output) is refused, output
        assert ("the account is not known" in output) is not refused, output
