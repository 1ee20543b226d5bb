"""What somebody of whom no policy knows can be, and what such a caller can choose.

A stranger has an account and organisation of their own: no condition that names one fits. They choose their
names and tags, and they can learn an external id (AWS does not treat it as a secret: IAM User Guide,
id_roles_common-scenarios_third-party).
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.context_keys import TAGS_OF_REQUEST, KeyRow, Presence
from identity_guard.iam.document.condition import Clause
from identity_guard.iam.text.arn import ACCOUNT_PART
from identity_guard.iam.text.wildcard import has_wildcard, instance

from .context_state import OTHER

STRANGE_ACCOUNT: Final = "000073912846"
"""None of AWS's example account numbers: policies name those as accounts of their own."""

IDENTITY_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "aws:principalaccount": (STRANGE_ACCOUNT,),
    "aws:principalorgid": ("o-strangerorg",),
    "aws:principalorgpaths": ("o-strangerorg/r-zz99/ou-zz99-99999999/",),
    "aws:principalorgmasteraccountid": (STRANGE_ACCOUNT,),
    "aws:userid": ("AIDASTRANGER",),
    "aws:federatedprovider": (f"arn:aws:iam::{STRANGE_ACCOUNT}:saml-provider/stranger",),
}
"""Keys whose value says who calls, with a stranger's value."""

PRINCIPAL_ARN: Final = "aws:principalarn"
PRINCIPAL_ACCOUNT: Final = "aws:principalaccount"
USER_ID: Final = "aws:userid"
CHOSEN_TAGS: Final = ("aws:principaltag/", *TAGS_OF_REQUEST)
PICKED: Final = (
    "aws:ec2instancesourceprivateipv4",
    "aws:vpcsourceip",
    "credentials-iot:",
    "ec2:roledelivery",
    "glue:credentialissuingservice",
    "glue:roleassumedby",
    "saml:sub",
)
"""Keys whose value a stranger has from a network, device or provider of their own: an address in a VPC is not
unique (IAM User Guide, reference_policies_condition-keys, aws:VpcSourceIp: to be used with aws:SourceVpc)."""
ASSIGNED: Final = (
    "aws:ec2instancesourcevpc",
    "aws:sourcevpc",
    "aws:vpceaccount",
    "aws:vpceorg",
    "codebuild:",
    "ec2:sourceinstancearn",
    "identitycenter:",
    "identitystore:",
    "lambda:sourcefunctionarn",
    "saml:namequalifier",
    "ssm:sourceinstancearn",
)
"""Keys whose value AWS assigns: a stranger has another one than those named, if a pattern leaves it open."""
OF_THE_ROLE: Final = ("aws:resourcetag/", "iam:resourcetag/")
"""Tags of the role itself that is assumed: whoever wrote the trust sets them, so they may be as it asks."""
_WILD: Final = OTHER[:6]
"""How a run of wildcards that is filled in begins, unless it is shorter."""
_NO_DIGIT: Final = re.compile(r"\D")
_AFTER_DIGITS: Final = re.compile(r"\D.*")
"""What follows the digits at the beginning of a pattern."""
_BEGINNINGS: Final = tuple(
    f"arn:aws:iam::{STRANGE_ACCOUNT}{end}" for end in ("", ":", ":role", ":role/", ":user", ":user/")
)
"""What a wildcard at the beginning of a pattern of ARNs can stand for."""
MOST_CHOSEN: Final = 16
"""How many of a condition's patterns are filled in to become a stranger's claim; with more, a no is none."""

GITHUB: Final = (
    "repo:stranger/stranger:ref:refs/heads/main",
    "repo:stranger/stranger:environment:production",
    "repo:stranger/stranger:pull_request",
    "repo:stranger/stranger:ref:refs/tags/v1.0.0",
)
SHARED_PROVIDERS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "token.actions.githubusercontent.com": {
        "token.actions.githubusercontent.com:sub": GITHUB,
        "token.actions.githubusercontent.com:repository": ("stranger/stranger",),
        "token.actions.githubusercontent.com:repository_id": ("999999999",),
        "token.actions.githubusercontent.com:repository_owner": ("stranger",),
        "token.actions.githubusercontent.com:repository_owner_id": ("999999999",),
        "token.actions.githubusercontent.com:workflow_ref": (
            "stranger/stranger/.github/workflows/main.yml@refs/heads/main",
        ),
        "token.actions.githubusercontent.com:enterprise": ("stranger",),
        "token.actions.githubusercontent.com:enterprise_id": ("999999999",),
    },
    "gitlab.com": {
        "gitlab.com:sub": ("project_path:stranger/stranger:ref_type:branch:ref:main",),
        "gitlab.com:namespace_id": ("999999999",),
        "gitlab.com:project_id": ("999999999",),
    },
    "app.terraform.io": {
        "app.terraform.io:sub": (
            "organization:stranger:project:stranger:workspace:stranger:run_phase:apply",
            "organization:stranger:project:stranger:workspace:stranger:run_phase:plan",
        ),
    },
    "agent.buildkite.com": {
        "agent.buildkite.com:sub": (
            "organization:stranger:pipeline:stranger:ref:refs/heads/main:commit:0000000:step:stranger",
        ),
        "agent.buildkite.com:organization_slug": ("stranger",),
        "agent.buildkite.com:organization_id": ("99999999-9999-9999-9999-999999999999",),
        "agent.buildkite.com:pipeline_id": ("88888888-8888-8888-8888-888888888888",),
        "agent.buildkite.com:cluster_id": ("66666666-6666-6666-6666-666666666666",),
        # Tags of a session that the issuer writes into the token, as it writes `sub`.
        "aws:requesttag/organization_slug": ("stranger",),
        "aws:requesttag/organization_id": ("99999999-9999-9999-9999-999999999999",),
        "aws:requesttag/pipeline_id": ("88888888-8888-8888-8888-888888888888",),
    },
    "oidc.codefresh.io": {"oidc.codefresh.io:sub": ("account:999999999999:pipeline:stranger",)},
    "studio.datachain.ai/api": {"studio.datachain.ai/api:sub": ("credentials:stranger/stranger",)},
    "oidc-configuration.audit-log.githubusercontent.com": {
        "oidc-configuration.audit-log.githubusercontent.com:sub": ("https://github.com/stranger",),
    },
    "vstoken.actions.githubusercontent.com": {"vstoken.actions.githubusercontent.com:sub": GITHUB},
    "api.pulumi.com/oidc": {"api.pulumi.com/oidc:aud": ("stranger", "aws:stranger")},
    "sandboxes.cloud": {"sandboxes.cloud:aud": ("stranger",)},
    "scalr.io": {"scalr.io:sub": ("account:stranger:environment:stranger:workspace:stranger",)},
    "tokens.cloud.shisho.dev": {"tokens.cloud.shisho.dev:sub": ("job:stranger:stranger",)},
    "proidc.upbound.io": {"proidc.upbound.io:sub": ("mcp:stranger/stranger:provider:provider-aws",)},
    "oidc.vercel.com": {"oidc.vercel.com:aud": ("https://vercel.com/stranger",)},
    "accounts.google.com": {
        "accounts.google.com:sub": ("999999999999999999999",),
        "accounts.google.com:aud": ("999999999999-stranger.apps.googleusercontent.com",),
        "accounts.google.com:email": ("stranger@example.org",),
        "accounts.google.com:oaud": ("999999999999-stranger.apps.googleusercontent.com",),
        "accounts.google.com:google/organization_number": ("999999999999",),
    },
    "cognito-identity.amazonaws.com": {
        "cognito-identity.amazonaws.com:aud": ("us-east-1:99999999-9999-9999-9999-999999999999",),
        "cognito-identity.amazonaws.com:sub": ("us-east-1:88888888-8888-8888-8888-888888888888",),
    },
    "graph.facebook.com": {
        "graph.facebook.com:app_id": ("999999999999999",),
        "graph.facebook.com:id": ("999999999999999",),
    },
    "www.amazon.com": {
        "www.amazon.com:app_id": ("amzn1.application.stranger",),
        "www.amazon.com:user_id": ("amzn1.account.STRANGER",),
    },
}
"""Identity providers that anybody can sign in to, with the claims of a stranger.

Of claims that are not here a stranger has any value: they do not name a tenant. So `job_workflow_ref` names
the workflow that is called, and anybody may call a public one (GitHub, "Using OpenID Connect with reusable
workflows": limit the caller by `sub` besides); `actor` names who started a run, in whichever repository.

Sources: IAM User Guide, reference_policies_iam-condition-keys (keys of federated callers),
id_roles_create_for-idp_oidc (GitHub, GitLab: limit `sub`) and id_roles_providers_oidc_secure-by-default (the
shared providers, and the claim that tells their tenants apart); Service Authorization Reference, AWS STS
(the claims of Google, GitLab and Buildkite beside `sub` and `aud`);
the providers' own documentation of `sub` and, of Buildkite, "AWS session tags" in "OIDC with AWS"."""


OWNER_IN: Final = {
    "token.actions.githubusercontent.com:sub": re.compile(r"repo:([^/]*)"),
    "token.actions.githubusercontent.com:repository": re.compile(r"([^/]*)"),
    "token.actions.githubusercontent.com:repository_owner": re.compile(r"(.*)"),
    "token.actions.githubusercontent.com:workflow_ref": re.compile(r"([^/]*)"),
    "gitlab.com:sub": re.compile(r"project_path:([^/:]*)"),
    "app.terraform.io:sub": re.compile(r"organization:([^:]*)"),
    "agent.buildkite.com:sub": re.compile(r"organization:([^:]*)"),
    "oidc-configuration.audit-log.githubusercontent.com:sub": re.compile(r"https://github\.com/(.*)"),
    "vstoken.actions.githubusercontent.com:sub": re.compile(r"repo:([^/]*)"),
    "oidc.vercel.com:aud": re.compile(r"https://vercel\.com/(.*)"),
    # The slug is the name that an organization gives itself, as in `sub`.
    "agent.buildkite.com:organization_slug": re.compile(r"(.*)"),
    "aws:requesttag/organization_slug": re.compile(r"(.*)"),
    # Whoever has an account can make an identity pool: its id is AWS's choice, its Region the maker's.
    "cognito-identity.amazonaws.com:aud": re.compile(r"[^:]*:(.*)"),
}
"""Where a claim names its owner: of names that are free, anybody may register one.

`repo:acme*/…` takes a stranger's `acme-evil`, `repo:acme/*` does not."""
OWN_NAME: Final = "x-stranger"
"""What a stranger adds to the beginning of an owner's name."""


COGNITO: Final = "cognito-identity.amazonaws.com"
COGNITO_AMR: Final = f"{COGNITO}:amr"
COGNITO_POOL: Final = f"{COGNITO}:aud"
EXAMPLE_POOL: Final = "77777777-7777-7777-7777-777777777777"
GUEST: Final = "unauthenticated"


class Claims(NamedTuple):
    """What a stranger can show at a shared provider."""

    values: dict[str, tuple[str, ...]]
    """By key in lower case."""
    complete: bool
    """Whether every pattern that leaves the owner open was filled in."""


def claims_of_stranger(provider: str, clauses: Iterable[Clause]) -> Claims:
    """Return the claims that a stranger can have at a shared provider, given what conditions ask for."""
    claims = {key.lower(): list(values) for key, values in SHARED_PROVIDERS[provider].items()}
    complete = True
    for clause in clauses:
        owner = OWNER_IN.get(clause.key) if clause.key in claims else None
        if owner is not None and clause.operator.wildcards:
            chosen = [value for value in clause.values if _leaves_owner_open(owner, value)]
            claims[clause.key] += [instance(value, OWN_NAME) for value in chosen[:MOST_CHOSEN]]
            complete = complete and len(chosen) <= MOST_CHOSEN
    return Claims({key: tuple(values) for key, values in claims.items()}, complete)


def claims_of_guest(provider: str, clauses: Iterable[Clause]) -> Claims | None:
    """Return what a guest of a named identity pool has, or None where no condition names a pool.

    An application ships with the pool's id, and whoever has it may be a guest, where the pool lets guests in:
    a trust keeps them out by asking for `amr` (Amazon Cognito Developer Guide, identity-pools, role-trust).
    """
    pools = [value for clause in clauses if clause.key == COGNITO_POOL for value in clause.values]
    if provider != COGNITO or not pools:
        return None
    named = tuple(instance(value, EXAMPLE_POOL) for value in pools)
    return Claims({COGNITO_POOL: named, COGNITO_AMR: (GUEST,)}, complete=True)


def foreign_claims(provider: str, clauses: Iterable[Clause]) -> dict[str, tuple[None]]:
    """Return the claims of other providers that conditions ask for: a token has only those of its own."""
    services = ((clause.key, clause.key.rpartition(":")[0]) for clause in clauses)
    return {
        key: (None,)
        for key, service in services
        if service != provider and ("." in service or (service == "saml" and not key.startswith(PICKED)))
    }


def absent_of(keys: tuple[str, ...], clauses: Iterable[Clause]) -> dict[str, tuple[None]]:
    """Return those keys that conditions ask for and begin so, as absent."""
    return {clause.key: (None,) for clause in clauses if clause.key.startswith(keys)}


def _leaves_owner_open(owner: re.Pattern[str], pattern: str) -> bool:
    """Say whether a pattern has a wildcard in the owner's name, or before it."""
    found = owner.match(pattern)
    return has_wildcard(found[1] if found else pattern.partition(":")[0])


def provider_of(principal: str) -> str | None:
    """Return the shared provider that a Federated principal names, as an ARN or by its host."""
    host = principal.split(":oidc-provider/", 1)[-1].lower()
    return host if host in SHARED_PROVIDERS else None


def as_stranger(key: str, row: KeyRow, named: list[str]) -> tuple[KeyRow, list[str]]:
    """Return what is known of a key when the caller is a stranger, and which named values they can have."""
    if row.key in IDENTITY_KEYS:
        moved: list[str] = []
        if row.key == PRINCIPAL_ACCOUNT:
            moved = [_strange_account(each) for each in named if not each.isdigit()]
        elif row.key == USER_ID:
            moved = [each for each in named if _is_open_id(each)]
        return row._replace(values=IDENTITY_KEYS[row.key]), moved
    if row.key == PRINCIPAL_ARN:
        own = f"arn:aws:iam::{STRANGE_ACCOUNT}:user/stranger"
        return row._replace(values=(own,)), [found for each in named for found in _strange_arns(each)]
    if key.startswith(ASSIGNED):
        return row._replace(presence=Presence.HOLDER, may_lack=True), list(_open_values(named))
    if row.key in CHOSEN_TAGS or key.startswith(PICKED):
        return row._replace(presence=Presence.HOLDER, may_lack=True), named
    return row, named


def _open_values(named: Iterable[str]) -> Iterable[str]:
    """Yield what a stranger can have of values that patterns were filled in to."""
    for each in named:
        if each.startswith("arn:"):
            yield from _strange_arns(each)
        elif _WILD in each:
            yield each


def _is_open_id(filled: str) -> bool:
    """Say whether a pattern leaves a unique id open, and not only the name of its sessions."""
    return _WILD in filled.partition(":")[0]


def _strange_arns(arn: str) -> list[str]:
    """Move an ARN that a pattern was filled in to, to a stranger's account; none if it names an account.

    A wildcard may take in more than one part, `*:role/Admin`, or only some digits of the account.
    """
    parts = arn.split(":")
    if any(part.isdigit() and len(part) == len(STRANGE_ACCOUNT) for part in parts):
        return []
    if len(parts) > ACCOUNT_PART + 1:
        parts[ACCOUNT_PART] = _strange_account(parts[ACCOUNT_PART])
        return [":".join(parts)]
    before, wildcard, after = arn.partition(OTHER)
    return [f"{begun}{after}" for begun in _BEGINNINGS if wildcard and begun.startswith(before)]


def _strange_account(filled: str) -> str:
    """Return an account of a stranger that a pattern takes, of which the wildcards were filled in."""
    if len(filled) == len(STRANGE_ACCOUNT):
        return _NO_DIGIT.sub("0", filled)
    return f"{_AFTER_DIGITS.sub('', filled)}{STRANGE_ACCOUNT}"[: len(STRANGE_ACCOUNT)]
