"""The one reading of an instance: everything that is asked for, and the names of what is not known."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from identity_center.model.existing.existing import Existing, accounts_and_units, sorted_unread
from identity_center.model.existing.least_calls import PER_SECOND
from identity_center.model.existing.objects import GROUP, USER, Assignment
from identity_center.model.existing.parts import NOT_ASKED, Part, Unread, not_asked, with_needs
from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import Organisation, UnreadOrganisationError
from identity_center.model.organisation.snapshot import read_snapshot, write_snapshot
from identity_center_cli.aws import clock
from identity_center_cli.aws.answers import refused_action
from identity_center_cli.aws.instance.applications import ApplicationReader
from identity_center_cli.aws.instance.asking import PATIENT, Asking
from identity_center_cli.aws.instance.directory import DirectoryReader
from identity_center_cli.aws.instance.found import Instance, the_instance
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.instance.permission_sets import SET_PARTS, SetReader, put_together
from identity_center_cli.aws.instance.regions import read_regions
from identity_center_cli.aws.organisation import REQUESTS_PER_SECOND, read_organisation
from identity_center_cli.aws.retries import tell_waiting
from identity_center_cli.aws.sessions import session_with

EVERYTHING: Final = frozenset(Part)
#: Parts that need the list of permission sets.
_OF_SETS: Final = SET_PARTS | {Part.ASSIGNMENTS}


@dataclass(frozen=True)
class HowToRead:
    """What to read, and how."""

    parts: frozenset[Part] = EVERYTHING
    keep_in: Path | None = None
    """Where answers are kept while the reading goes on; None: in memory only."""
    resume: bool = False
    """Go on from the answers that are kept there."""
    since: Existing | None = None
    """Go on from this reading: assignments are asked for by principal, where that takes fewer requests."""
    per_second: float = PER_SECOND
    organizations_per_second: float = REQUESTS_PER_SECOND
    on_answer: Callable[[int, int], None] = field(default=lambda _done, _known: None)
    """Called with the numbers of requests done, and of those known to be needed so far."""
    on_wait: Callable[[], None] = field(default=lambda: None)
    """Called while AWS asks for fewer requests and the reading waits."""


def read_instance(settings: AwsSettings, how: HowToRead, instance_arn: str | None = None) -> Existing:
    """Read the instance of the Region. What AWS refuses is in `unread`, and the rest is read.

    Raises InstanceNotFoundError where there is not exactly one instance, UnusableKeptAnswersError and
    OtherInstanceError where a reading cannot be gone on with, and botocore's errors where not even the
    instance could be looked up.
    """
    session = session_with(settings)
    sso = session.client("sso-admin", endpoint_url=settings.endpoints.get("ssoadmin"), config=PATIENT)
    tell_waiting(sso, how.on_wait)
    instance = the_instance(sso, instance_arn)
    if how.since is not None and how.since.instance_arn != instance.arn:
        raise OtherInstanceError(
            f"the earlier reading is of {how.since.instance_arn}, and this Region has {instance.arn}"
        )
    header = {"instance": instance.arn, "region": instance.region, "startedAt": clock.written(clock.now())}
    with KeptAnswers(how.keep_in, header, resume=how.resume) as kept:
        asking = Asking(session, settings.endpoints, kept, how.per_second, how.on_answer)
        asking.tell_waiting(how.on_wait)
        existing = _Reading(settings, how, instance, asking).existing()
    if all(each.why == NOT_ASKED for each in existing.unread):
        # Else what AWS did say stays, for a reading that asks for the rest.
        kept.forget()
    return existing


class OtherInstanceError(Exception):
    """A reading that is to be gone on from is of another instance."""


class _Reading:
    """One reading: first the directory and the sets, then what hangs on them."""

    def __init__(self, settings: AwsSettings, how: HowToRead, instance: Instance, asking: Asking) -> None:
        self._settings, self._how, self._instance, self._asking = settings, how, instance, asking
        self._parts = with_needs(how.parts)
        self._sets = SetReader(asking, instance.arn, self._parts)
        self._found: dict[str, Any] = {}

    def existing(self) -> Existing:
        """Read what is wanted."""
        self._read_organisation()
        self._read_directory()
        self._read_sets()
        self._read_rest()
        left_out = [not_asked(part) for part in EVERYTHING - self._parts]
        return Existing(
            region=self._instance.region,
            instance_arn=self._instance.arn,
            identity_store_id=self._instance.store_id,
            owner_account_id=self._instance.owner,
            read_from=self._asking.kept.header["startedAt"],
            read_until=clock.written(clock.now()),
            unread=sorted_unread([*_put_in_one(self._asking.unread, self._found), *left_out]),
            **self._found,
        )

    def _read_organisation(self) -> None:
        if Part.ORGANISATION not in self._parts:
            return
        needed = {Reading.UNITS} | ({Reading.TAGS} if Part.ACCOUNT_TAGS in self._parts else set())
        try:
            organisation = self._organisation(frozenset(needed))
        except UnreadOrganisationError as error:
            # The client's own exception, which knows the operation.
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
            for part in (Part.ORGANISATION, Part.ACCOUNT_TAGS):
                if part in self._parts:
                    action = refused_action("organizations:DescribeOrganization", cause)
                    self._asking.refused((part, ""), action, cause)
            return
        accounts, units = accounts_and_units(organisation)
        self._found |= {
            "management_account_id": organisation.management_account_id,
            "accounts": accounts,
            "units": units,
        }
        if organisation.accounts is None:
            # Who may not list the accounts is given a list without the management account.
            self._asking.unread.append(
                Unread(
                    part=Part.ORGANISATION.value,
                    of="",
                    operation="organizations:ListAccounts",
                    why="the answer lacks the management account",
                )
            )

    def _organisation(self, needed: frozenset[Reading]) -> Organisation:
        asked = f"organisation {sorted(each.name for each in needed)}"
        known = self._asking.kept.get(asked)
        if known is not None:
            return read_snapshot(known)
        organisation = read_organisation(
            self._settings, needed, self._how.organizations_per_second, on_wait=self._how.on_wait
        )
        if organisation.accounts is not None:
            self._asking.kept.keep(asked, write_snapshot(organisation, clock.now()))
        return organisation

    def _read_directory(self) -> None:
        reader = DirectoryReader(self._asking, self._instance.store_id)
        for part, name, read in ((Part.USERS, "users", reader.users), (Part.GROUPS, "groups", reader.groups)):
            if part in self._parts:
                (self._found[name],) = self._asking.each(lambda act: act(), [read])
        if Part.MEMBERSHIPS in self._parts:
            self._found["memberships"] = reader.memberships(self._found["users"], self._found["groups"])

    def _read_sets(self) -> None:
        if not self._parts & _OF_SETS:
            return
        arns = self._sets.arns()
        self._list_refused()
        found = self._sets.sets(arns)
        accounts: dict[str, list[str]] = {
            arn: members["accounts"] for arn, members in found.items() if "accounts" in members
        }
        outdated = self._sets.outdated(accounts) if accounts else set()
        self._found["permission_sets"] = put_together(found, outdated)
        if Part.ASSIGNMENTS in self._parts:
            self._name_unseen_pairs(arns, accounts)
            self._found["assignments"] = tuple(self._assignments(accounts))

    def _assignments(self, accounts: dict[str, list[str]]) -> list[Assignment]:
        """Ask by pairs of a set and an account; from an earlier reading, by principal where that is less."""
        since, unread = self._how.since, {each.part for each in self._asking.unread}
        principals = [(USER, each.id) for each in self._found.get("users", ())]
        principals += [(GROUP, each.id) for each in self._found.get("groups", ())]
        if (
            since is None
            or not since.knows(Part.ASSIGNMENTS)
            or unread & {Part.USERS.value, Part.GROUPS.value}
            or not self._parts >= {Part.USERS, Part.GROUPS}
            or len(principals) >= sum(map(len, accounts.values()))
        ):
            return self._sets.assignments(accounts)
        self._found["last_whole"] = since.last_whole or since.read_from
        return self._sets.assignments_since(accounts, principals, since.assignments)

    def _list_refused(self) -> None:
        """Where the sets could not even be listed, nothing of any is known."""
        for refused in [
            each for each in self._asking.unread if (each.part, each.of) == (Part.PERMISSION_SETS.value, "")
        ]:
            self._asking.unread += [
                refused.model_copy(update={"part": part.value})
                for part in self._parts & _OF_SETS
                if part is not Part.PERMISSION_SETS
            ]

    def _name_unseen_pairs(self, arns: list[str], accounts: Mapping[str, list[str]]) -> None:
        """Of a set whose accounts are not known, the assignments are not either."""
        for arn in arns:
            if arn not in accounts:
                why = "its accounts were not read"
                self._asking.unread.append(Unread(part=Part.ASSIGNMENTS.value, of=arn, operation="", why=why))

    def _read_rest(self) -> None:
        reader = ApplicationReader(self._asking, self._instance.arn)
        if Part.APPLICATIONS in self._parts:
            self._found["applications"] = reader.applications()
        if Part.ENTITLEMENTS in self._parts:
            self._found["account_access"], self._found["entitlements"] = reader.account_access()
        if Part.ATTRIBUTES in self._parts:
            (self._found["attributes"],) = self._asking.each(lambda act: act(), [reader.attributes])
        if Part.REGIONS in self._parts:
            self._found["regions"] = read_regions(self._asking, self._instance.arn)


def _put_in_one(unread: list[Unread], found: Mapping[str, Any]) -> list[Unread]:
    """Say once what AWS refused of every object of a kind: then it is the part that is not known."""
    sizes = {
        **{part.value: len(found.get("permission_sets", ())) for part in SET_PARTS},
        Part.MEMBERSHIPS.value: min(len(found.get("groups", ())), len(found.get("users", ()))),
    }
    counted = Counter((each.part, each.operation, each.why) for each in set(unread) if each.of)
    whole = {
        key: Unread(part=key[0], of="", operation=key[1], why=key[2])
        for key, count in counted.items()
        if count > 1 and count >= sizes.get(key[0], count + 1)
    }
    return [whole.get((each.part, each.operation, each.why), each) if each.of else each for each in unread]
