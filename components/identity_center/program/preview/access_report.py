"""Says who gains and who loses what before the engine changes anything, and pulls the brake."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from identity_center.model.access.brake import brake
from identity_center.model.access.change_sentences import cut, sentences, where_the_whole_is
from identity_center.model.access.changes import AccessChanges, access_changes, to_document
from identity_center.model.access.grants import Access
from identity_center.model.access.record import FormerKeys, RecordedModel
from identity_center.model.mistakes import Mistake
from identity_center.model.organisation.places import Places
from identity_center.model.plan.other_changes import new_people, other_sentences, region_sentences
from identity_center.model.plan.planned import Plan
from identity_center.model.plan.set_contents import contents, contents_of_plan
from identity_center.program.state.last_model import LastUpdate
from identity_center.resources import messages

from .changes_file import ChangesFile
from .permission_changes import PermissionChange, permission_changes
from .update_time import say_how_long

_NOTHING = RecordedModel({}, {}, frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(frozen=True)
class _Told:
    """What a run says of access, one part after the other."""

    headline: str
    permissions: Sequence[PermissionChange]
    others: Sequence[str]
    changes: AccessChanges | None
    places: Places

    def say(self) -> None:
        """Tell people, in as few lines as they read."""
        lines = cut(self.permissions, lambda each: each.sentence(self.places), "permission sets change")
        lines += self.others
        if self.changes is not None:
            lines += sentences(self.changes, self.places, others=bool(lines))
        if lines:
            messages.info(messages.listed(self.headline, [*lines, *where_the_whole_is(lines)]))

    def document(self) -> dict[str, object]:
        """Tell machines."""
        document = to_document(self.changes) if self.changes is not None else {}
        ids = {
            one.held.account_id
            for one in (self.changes.changes if self.changes else ())
            if one.held.account_id
        }
        ids |= {account_id for each in self.permissions for account_id in each.accounts}
        named = {account_id: name for account_id in sorted(ids) if (name := self.places.name(account_id))}
        return {
            **document,
            "permissions": [each.to_document() for each in self.permissions],
            "other": list(self.others),
            "accountNames": named,
        }


def report_changes(
    access: Access, plan: Plan, last: LastUpdate, file: ChangesFile, made_first: Collection[str] = ()
) -> tuple[Mistake, ...]:
    """Compare with the last update, tell people and machines, and return what is refused for it.

    `plan` is everything that the run makes. `made_first` are the keys of permission sets that are made anew
    before they are deleted.
    """
    return (*last.descriptions.lost_in(access), *_compare(access, plan, last, file, made_first))


def _compare(
    access: Access, plan: Plan, last: LastUpdate, file: ChangesFile, made_first: Collection[str]
) -> tuple[Mistake, ...]:
    after, former = RecordedModel.of(access), FormerKeys.of(access)
    places = Places(access.organisation)
    # What the state has beyond the kept model would go, too.
    was = last.model and last.model.with_assignments(last.assignments).renamed(former)
    permissions = _permissions(plan, last, former, was, after)
    others = list(other_sentences(plan, last.outputs)) if last.state is not None else []
    people = {"newPeople": new_people(plan, last.outputs)}
    if last.model is None and last.problem:
        _say_not_compared(last, after)
        told = _Told("What can be compared:", permissions, others, None, places)
        before = replace(after, grants=frozenset(), break_glass=frozenset())
        before = before.with_assignments(last.assignments).renamed(former)
        changes, comparison = access_changes(before, after, made_first), "not-compared"
    elif was is None:
        before = replace(after, grants=frozenset(), break_glass=frozenset())
        changes, comparison = access_changes(_NOTHING, after, made_first), "first"
        new = list(region_sentences(plan, last.outputs))
        told = _Told("Access, of a stack that has none yet:", (), new, changes, places)
    else:
        before = was
        changes = access_changes(before, after, made_first)
        comparison = "uncertain" if last.problem else "compared"
        if last.problem:
            messages.warn(f"the comparison with the last update is uncertain: {last.problem}")
        told = _Told(_headline(last), permissions, others, changes, places)
    told.say()
    say_how_long(changes, last)
    problem = {"problem": last.problem} if last.problem else {}
    file.write({"comparison": comparison, **problem, **told.document(), **people})
    return brake(changes, before, after, access.declared.allow_removals, places)


def _headline(last: LastUpdate) -> str:
    if last.is_refreshed:
        # A refresh reads the stack's own resources, and nothing that somebody added beside them.
        return (
            "Access, compared with what AWS has of the last update (changes by hand of the stack's resources "
            "are put right; `identity-center drift` sees what is none):"
        )
    return "Access, compared with the last update:"


def _permissions(
    plan: Plan, last: LastUpdate, former: FormerKeys, was: RecordedModel | None, after: RecordedModel
) -> list[PermissionChange]:
    """Compare what permission sets hold in the state, and so in AWS, with what they are to hold."""
    before = {
        former.permission_sets.get(key, key): held for key, held in contents(last.outputs.items()).items()
    }
    found = permission_changes(before, contents_of_plan(plan), was, after)
    return sorted(found, key=lambda each: each.weight, reverse=True)


def _say_not_compared(last: LastUpdate, after: RecordedModel) -> None:
    """Where something is there and nobody knows who has it, nobody knows who loses what."""
    # What permission sets hold is read of the state itself, whatever the kept model is worth.
    permissions = "" if last.state is not None else "; permissions not compared"
    messages.warn(
        "who gains and who loses access cannot be said, and the brake counts assignments only: "
        f"{last.problem}{permissions}. "
        f"The state has {len(last.assignments)} assignments and the model {len(after.grants)}; "
        "read the engine's own list"
    )
