"""What a set of documents allows, with the reason for each answer.

    verdict = judge([managed_attachment(arn), attach(text, "inline policy")], boundary=attach(other))
    if verdict.root_level:
        print(verdict.witness)

Each answer is worked out when it is asked for. A document that cannot be read or is not known never makes an
answer safer: the answer becomes None and `undecided` says why.
"""

import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from .arn_shapes import Own, arn_shapes
from .attachment import Attachment
from .catalogue import catalogue
from .cells import Setting, is_unknown_key
from .document import Unreadable
from .escalation import PASSED_TO, EscalationPath, OpenPaths, Through, open_paths, pins_of, services_passed_to
from .grants import Grants
from .mfa import SWITCHES_OFF, WrongPattern, call_without_mfa, requires_mfa, wrong_patterns
from .reach import Reach, named_groups
from .root_level import Coverage, coverage
from .rules import Pins, World
from .scope import EVERY_RESOURCE, Extent, Group
from .witness import Witness, witness

TELLING: Final = (
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateUser",
    "account:CloseAccount",
    "sso:CreateAccountAssignment",
    "sts:AssumeRole",
)
"""Calls that show best what root-level access means, tried in this order for a witness."""

MOST_TRIES: Final = 200
"""How many states are tried for a witness."""


class Verdict:
    """The answers about one identity's documents. Make one with `judge`."""

    def __init__(self, layers: Sequence[Sequence[Attachment]], now: float) -> None:
        self.layers = layers
        self.now = now

    @cached_property
    def grants(self) -> Grants:
        """The documents, ready for questions."""
        return Grants(self.layers, self._setting)

    @cached_property
    def _hopeful(self) -> Grants:
        """The same, where conditions of which nothing is known go in the holder's favour."""
        return Grants(self.layers, self._setting._replace(hopeful=True))

    @cached_property
    def _setting(self) -> Setting:
        return Setting(Own(), self.now, tried={PASSED_TO: services_passed_to()})

    @cached_property
    def unreadable(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The documents that cannot be read, each with its reasons."""
        return tuple(
            (attachment.name, attachment.document.reasons)
            for layer in self.layers
            for attachment in layer
            if isinstance(attachment.document, Unreadable)
        )

    @cached_property
    def _holes(self) -> tuple[list[str], list[str]]:
        """Why the identity's own documents, and why those that limit it, are not all known."""
        found: tuple[list[str], list[str]] = ([], [])
        for number, layer in enumerate(self.layers):
            for attachment in layer:
                if isinstance(attachment.document, Unreadable):
                    reasons = "; ".join(attachment.document.reasons[:3])
                    found[number > 0].append(f"{attachment.name} cannot be read: {reasons}")
                elif attachment.document is None:
                    found[number > 0].append(f"{attachment.name}: {attachment.missing}")
        return found

    def _with_holes(self, answer: bool | None, *, safe: bool) -> bool | None:  # noqa: FBT001 - a truth value
        """Take an answer back where a document that is not known could change it.

        An own document can change everything; a limit can only take away, which leaves a safe answer safe.
        """
        own, limits = self._holes
        return None if own or (limits and answer is not safe) else answer

    @cached_property
    def coverage(self) -> Coverage:
        """How far the known documents reach."""
        found = coverage(self.grants)
        if found.root_level or not self._unsure_of_keys:
            return found
        hopeful = coverage(self._hopeful)
        return Coverage(
            root_level=None if hopeful.root_level is not False else found.root_level,
            administrator=None if hopeful.administrator and not found.administrator else found.administrator,
            granted=found.granted,
            pins=found.pins,
        )

    @cached_property
    def _unsure_of_keys(self) -> list[str]:
        """Condition keys of which nothing is known."""
        keys = {clause.key for rule in self.grants.rules for clause in rule.statement.clauses}
        return sorted(key for key in keys if is_unknown_key(key))

    @cached_property
    def root_level(self) -> bool | None:
        """Whether it is all but the root user's power; None where it could not be decided."""
        return self._with_holes(self.coverage.root_level, safe=False)

    @property
    def root_level_today_only(self) -> bool:
        """Whether it is root-level by naming today's services, so that future ones are left out."""
        return bool(self.root_level) and self.coverage.today_only

    @cached_property
    def administrator(self) -> bool | None:
        """Whether it has IAM whole and nearly everything else, without being root-level."""
        return self._with_holes(self.coverage.administrator, safe=False)

    @cached_property
    def paths(self) -> OpenPaths:
        """Every known path that the known documents open; none is asked for where they are root-level."""
        if self.coverage.root_level:
            return OpenPaths((), ())
        return open_paths(self.grants)

    @cached_property
    def escalation(self) -> tuple[EscalationPath, ...]:
        """The open paths through IAM, STS, Identity Center or a passed role."""
        return tuple(path for path in self.paths.certain if path.through is not Through.RUNNING_ROLE)

    @cached_property
    def escalation_undecided(self) -> tuple[EscalationPath, ...]:
        """Such paths that may be open."""
        return tuple(path for path in self.paths.possible if path.through is not Through.RUNNING_ROLE)

    @cached_property
    def escalates(self) -> bool | None:
        """Whether any such path is open; None where it could not be decided."""
        known = True if self.escalation else None if self.escalation_undecided else False
        return self._with_holes(known, safe=False)

    @cached_property
    def takeovers(self) -> tuple[EscalationPath, ...]:
        """The open paths through a role that a workload already has."""
        return tuple(path for path in self.paths.certain if path.through is Through.RUNNING_ROLE)

    @cached_property
    def mfa_enforced(self) -> bool | None:
        """Whether nothing but setting up MFA is possible without MFA."""
        known = requires_mfa(self.grants)
        if known and self._only_over_plain_http:
            known = requires_mfa(Grants(self.layers, self._setting._replace(plain_http=True)))
        return self._with_holes(known, safe=True)

    @cached_property
    def _only_over_plain_http(self) -> bool:
        """Whether the documents allow nothing over TLS, so that MFA has to be asked for without it."""
        if not any("aws:securetransport" in rule.by_dimension for rule in self.grants.allows):
            return False
        groups = [*self.grants.resources.groups, *named_groups(self.grants)]
        return Reach(self.grants, Pins()).any_call(catalogue().everything, groups) is False

    @cached_property
    def mfa_mistakes(self) -> tuple[WrongPattern, ...]:
        """Statements that ask for MFA in a way known to be wrong."""
        return tuple(wrong_patterns(self.grants.rules))

    @cached_property
    def switches_mfa_off(self) -> tuple[tuple[str, str], ...]:
        """Allowed actions that can switch MFA off for others, each with what it does."""
        actions = {1 << bit: row for row in SWITCHES_OFF if (bit := catalogue().bit_of(row[0])) is not None}
        target = sum(actions)
        reach = Reach(self.grants, Pins())
        found = 0
        for group in self.grants.resources.groups:
            found |= reach.within(target & group.takers, [group]).certain
        return tuple(row for bit, row in actions.items() if bit & found)

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """Why an answer that was asked for here is None."""
        own, limits = self._holes
        reasons = [*own, *limits]
        if None in (self.root_level, self.administrator, self.escalates, self.mfa_enforced) and not reasons:
            reasons += [f"nothing is known of the condition key `{key[:80]}`" for key in self._unsure_of_keys]
            reasons += self._vague_statements
            reasons = reasons or ["the conditions have too many combinations to go through all of them"]
        return tuple(reasons)

    @cached_property
    def _vague_statements(self) -> list[str]:
        found = []
        for rule in self.grants.rules:
            place = f"{rule.attachment.name}, {rule.statement.label}"
            if not rule.actions.exact:
                found.append(f"{place}: its action patterns take too long to work out")
            for clause in rule.statement.clauses:
                if any(test(value) is None for test in clause.tests for value in ("1", "a")):
                    found.append(
                        f"{place}: `{clause.operator_name}` cannot compare the values of `{clause.key[:80]}`"
                    )
        return found

    @cached_property
    def witness(self) -> Witness | None:
        """One call that shows the worst that the known documents allow, or None if there is nothing to show."""
        if self.coverage.root_level:
            return self._root_witness()
        for path in self.escalation:
            found = self.witness_of(path)
            if found is not None:
                return found
        return None

    def witness_of(self, path: EscalationPath) -> Witness | None:
        """Return a call of an open path: its last action that can be shown."""
        bits = [bit for name in path.actions if (bit := catalogue().bit_of(name)) is not None]
        wanted = bits or [path.mask.bit_length() - 1]
        groups = [*self.grants.resources.groups, *named_groups(self.grants)]
        for bit in sorted(
            wanted, key=lambda each: not catalogue().name_of(each).startswith(("iam:", "sts:", "sso"))
        ):
            for pins in (pins_of(self.grants, path), Pins()):
                found = self._call(1 << bit, groups, pins)
                if found is not None:
                    return found
        return None

    @cached_property
    def witness_without_mfa(self) -> Witness | None:
        """One call that is allowed without MFA, or None if MFA is enforced."""
        if self.mfa_enforced is not False:
            return None
        found = call_without_mfa(self.grants)
        if found is None:
            return None
        mask, call = found
        return self._shown(mask, call.group, call.world)

    def _root_witness(self) -> Witness | None:
        bits = [bit for name in TELLING if (bit := catalogue().bit_of(name)) is not None]
        pins = self.coverage.pins or Pins(ordinary=True)
        for bit in bits:
            found = self._call(1 << bit, self.grants.resources.groups, pins)
            if found is not None:
                return found
        return self._call(catalogue().known, self.grants.resources.groups, pins)

    def _call(self, target: int, groups: Sequence[Group], pins: Pins) -> Witness | None:
        """Look for a state in which one of the target actions is allowed, and replay it."""
        calls = Reach(self.grants, pins).calls(target, groups)
        for _, (mask, call) in zip(range(MOST_TRIES), calls, strict=False):
            found = self._shown(mask, call.group, call.world)
            if found is not None:
                return found
        return None

    def _shown(self, mask: int, group: Group, world: World) -> Witness | None:
        for bit in _some_bits(mask):
            for resource in self._resources_for(bit, group):
                found = witness(self.grants, self.layers, bit, resource, world)
                if found is not None:
                    return found
        return None

    def _resources_for(self, bit: int, group: Group) -> Iterable[str]:
        """Return a resource that the action takes: the group's example, or one of the action's own shapes."""
        if group.example != EVERY_RESOURCE or self.grants.resources.told_apart:
            yield group.example
        shapes = [shape for shape in arn_shapes().shapes if shape.takers >> bit & 1]
        yield from (shape.example(self.grants.resources.own) for shape in shapes[:3])
        if not shapes:
            yield EVERY_RESOURCE

    @property
    def every_arn(self) -> bool:
        """Whether a grant rests on a pattern such as `arn:*`, which AWS does not document for all actions."""
        extents = self.grants.resources.extents
        return any(extents[id(rule)] is Extent.EVERY_ARN for rule in self.grants.allows)


def _some_bits(mask: int) -> Iterable[int]:
    """Return a few of the actions in a mask, those that tell most first."""
    telling = [bit for name in TELLING if (bit := catalogue().bit_of(name)) is not None and mask >> bit & 1]
    rest: list[int] = []
    left = mask & catalogue().known
    while left and len(rest) < len(TELLING):
        lowest = left & -left
        rest.append(lowest.bit_length() - 1)
        left ^= lowest
    return dict.fromkeys([*telling, *rest])


def judge(
    attachments: Sequence[Attachment],
    boundary: Attachment | None = None,
    scps: Sequence[Sequence[Attachment]] = (),
    now: float | None = None,
) -> Verdict:
    """Judge the documents of one identity.

    `boundary` and `scps` (one sequence for each level, from the organisation's root down) only ever take
    away. `now` is the time of the check in seconds since 1970; by default the clock's.
    """
    layers = [tuple(attachments), *([(boundary,)] if boundary else []), *(tuple(level) for level in scps)]
    return Verdict(layers, time.time() if now is None else now)
