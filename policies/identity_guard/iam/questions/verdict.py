"""What a set of documents allows, with the reason for each answer.

    verdict = judge([managed_attachment(arn), attach(text, "inline policy")], boundary=attach(other))
    if verdict.root_level:
        print(verdict.witness)

Each answer is worked out when it is asked for. A document that cannot be read or is not known never makes an
answer safer: the answer becomes None and `undecided` says why.
"""

import time
from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL
from identity_guard.iam.catalogue.escalation_paths import EscalationPath, Through, services_passed_to
from identity_guard.iam.document.condition import PASSED_TO
from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.context_space import is_unknown_key
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import ResourceScope
from identity_guard.iam.evaluate.worlds import Assumptions

from .escalation import OpenPaths, open_paths
from .mfa import SWITCHES_OFF, enrols_others, open_over_plain_http, requires_mfa, set_up_actions
from .mfa_patterns import WrongPattern, spared_without_mfa, wrong_patterns
from .proof import Proof, Witness
from .reach import Reach
from .root_level import Coverage, coverage


@cache
def _tried() -> Mapping[str, tuple[str, ...]]:
    """Return the values that are tried whatever the documents name."""
    return {PASSED_TO: services_passed_to()}


class Verdict:
    """The answers about one identity's documents. Make one with `judge`."""

    def __init__(
        self,
        layers: Sequence[Sequence[Attachment]],
        now: float,
        *,
        role_session: bool = False,
        permission_set: bool = False,
    ) -> None:
        self.layers = layers
        self.now = now
        self.role_session = role_session or permission_set
        self.permission_set = permission_set

    @cached_property
    def grants(self) -> Grants:
        """The known documents, ready for questions."""
        return Grants(self._known, self._setting)

    @property
    def _known(self) -> list[list[Attachment]]:
        """The documents that can be read. A limit of which a part is not known limits nothing for certain."""
        own, *limits = self.layers
        if not limits:
            return [list(own)]
        whole = [
            list(level) for level in limits if all(isinstance(each.document, Document) for each in level)
        ]
        return [list(own), *whole]

    @cached_property
    def _hopeful(self) -> Grants:
        """The same, where conditions of which nothing is known go in the holder's favour."""
        return Grants(self._known, self._setting._replace(undocumented_keys_present=True))

    @property
    def _setting(self) -> Setting:
        return Setting(
            USUAL,
            self.now,
            role_session=self.role_session,
            permission_set=self.permission_set,
            tried=_tried(),
        )

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
        if own and (self.unreadable or not self._nothing_is_left):
            return None
        return None if (own or limits) and answer is not safe else answer

    @cached_property
    def _nothing_is_left(self) -> bool:
        """Whether a Deny takes back everything that any document could give."""
        everything = catalogue().everything
        return any(
            deny.scope is ResourceScope.EVERYTHING
            and not deny.statement.clause_count
            and deny.actions.certain == everything
            for deny in self.grants.denies
        )

    @cached_property
    def coverage(self) -> Coverage:
        """How far the known documents reach."""
        found = coverage(self.grants)
        if found.root_level or not self._unsure_of_keys:
            return found
        undocumented_keys_present = coverage(self._hopeful)
        return Coverage(
            root_level=None if undocumented_keys_present.root_level is not False else found.root_level,
            administrator=None
            if undocumented_keys_present.administrator and not found.administrator
            else found.administrator,
            granted=found.granted,
            assumptions=found.assumptions,
        )

    @cached_property
    def actions_at_best(self) -> int:
        """The actions that the documents may allow on some resource in some state, as a catalogue mask."""
        return self.grants.upper_bound(Assumptions())

    @cached_property
    def _unsure_of_keys(self) -> list[str]:
        """Condition keys of which nothing is known."""
        keys = {clause.key for layered in self.grants.statements for clause in layered.statement.clauses}
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
        return None if self._limited_by_unknown else self._with_holes(self.coverage.administrator, safe=False)

    @cached_property
    def _limited_by_unknown(self) -> bool:
        """Whether it is root-level but for a limit that is not known: what that leaves may lead further."""
        return bool(self.coverage.root_level and self._holes[1])

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
        if self._limited_by_unknown:
            return None
        known = True if self.escalation else None if self.escalation_undecided else False
        return self._with_holes(known, safe=False)

    @cached_property
    def takeovers(self) -> tuple[EscalationPath, ...]:
        """The open paths through a role that a workload already has."""
        return tuple(path for path in self.paths.certain if path.through is Through.RUNNING_ROLE)

    @cached_property
    def mfa_enforced(self) -> bool | None:
        """Whether nothing but setting up MFA is possible without MFA."""
        found = requires_mfa(self.grants)
        # What is possible without MFA over TLS is so, whatever is possible without TLS.
        if found is not False and self._only_over_plain_http:
            found = requires_mfa(self._asked_for_mfa)
        if found and self._leaves_a_way_without_mfa is not False:
            found = None if self._leaves_a_way_without_mfa is None else False
        return self._with_holes(found, safe=True)

    @cached_property
    def _leaves_a_way_without_mfa(self) -> bool | None:
        """Whether MFA is asked for over TLS only, or anybody's device can be set up without it."""
        ways = [enrols_others(self.grants)]
        if self._asks_for_tls:
            ways.append(open_over_plain_http(self._over_plain_http))
        return True if True in ways else None if None in ways else False

    @property
    def _asks_for_tls(self) -> bool:
        return any("aws:securetransport" in layered.by_dimension for layered in self.grants.statements)

    @cached_property
    def _over_plain_http(self) -> Grants:
        return Grants(self._known, self._setting._replace(plain_http=True))

    @cached_property
    def _asked_for_mfa(self) -> Grants:
        """The documents as MFA is asked of them: over TLS, or without it where they allow nothing else."""
        if not self._only_over_plain_http:
            return self.grants
        return self._over_plain_http

    @cached_property
    def _only_over_plain_http(self) -> bool:
        """Whether the documents allow nothing over TLS, so that MFA has to be asked for without it."""
        if not self._asks_for_tls:
            return False
        return Reach(self.grants, Assumptions(), catalogue().everything).any_call() is False

    @cached_property
    def mfa_mistakes(self) -> tuple[WrongPattern, ...]:
        """Statements that ask for MFA in a way known to be wrong."""
        return tuple(wrong_patterns(self.grants.statements))

    @cached_property
    def spared_without_mfa(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Denies that ask for MFA and spare more than setting it up needs, each with what they spare."""
        return tuple(
            (f"{layered.attachment.name}, {layered.statement.label}", spared)
            for layered in self.grants.statements
            if (spared := spared_without_mfa(layered, set_up_actions()))
        )

    @cached_property
    def switches_mfa_off(self) -> tuple[tuple[str, str], ...]:
        """Allowed actions that can switch MFA off for others, each with what it does."""
        actions = {1 << bit: row for row in SWITCHES_OFF if (bit := catalogue().bit_of(row[0])) is not None}
        target = sum(actions)
        found = 0
        for group in self.grants.resources.groups(target):
            found |= Reach(self.grants, Assumptions(), target & group.actions_on).within([group]).certain
        return tuple(row for bit, row in actions.items() if bit & found)

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """Why an answer that was asked for here is None."""
        own, limits = self._holes
        reasons = [*own, *limits]
        if None in (self.root_level, self.administrator, self.escalates, self.mfa_enforced) and not reasons:
            reasons += [f"nothing is known of the condition key `{key[:80]}`" for key in self._unsure_of_keys]
            reasons += self._vague_statements
            if not self.grants.resources.named(catalogue().everything).complete:
                reasons.append("the statements name more resources than are looked at one by one")
            reasons = reasons or ["the conditions have too many combinations to go through all of them"]
        return tuple(reasons)

    @cached_property
    def _vague_statements(self) -> list[str]:
        found = ["the resource patterns take too long to work out"] if self.grants.resources.exhausted else []
        for layered in self.grants.statements:
            place = f"{layered.attachment.name}, {layered.statement.label}"
            if layered.actions.has_unknown:
                found.append(f"{place}: it names actions that the catalogue does not know")
            if not layered.actions.exact:
                found.append(f"{place}: its action patterns take too long to work out")
            found += [
                f"{place}: `{clause.operator_name}` cannot compare the values of `{clause.key[:80]}`"
                for clause in layered.statement.clauses
                if any(test(value) is None for test in clause.tests for value in ("1", "a"))
            ]
            found += [
                f"{place}: AWS's pages disagree on `{clause.operator_name}` without `{clause.key[:80]}`"
                for clause in layered.statement.clauses
                if clause.is_open_without_key
            ]
        return found

    @cached_property
    def _proof(self) -> Proof:
        return Proof(self.grants, self._known)

    @cached_property
    def witness(self) -> Witness | None:
        """One call that shows the worst that the known documents allow; None if there is nothing to show."""
        if self.coverage.root_level:
            return self._proof.of_root_level(self.coverage.assumptions or Assumptions(ordinary=True))
        shown = (self.witness_of(path) for path in self.escalation)
        return next((found for found in shown if found is not None), None)

    def witness_of(self, path: EscalationPath) -> Witness | None:
        """Return a call of an open path: one of its actions through IAM or STS where it has any."""
        return self._proof.of_path(path)

    @cached_property
    def witness_without_mfa(self) -> Witness | None:
        """One call that is allowed without MFA, or None if MFA is enforced."""
        if self.mfa_enforced is not False:
            return None
        shown = Proof(self._asked_for_mfa, self._known).without_mfa()
        if shown is None and self._asks_for_tls:
            shown = Proof(self._over_plain_http, self._known).without_mfa()
        return shown or Proof(self.grants, self._known).enrolment()


def judge(  # noqa: PLR0913 - all that has a say, and how they are held
    attachments: Sequence[Attachment],
    boundary: Attachment | None = None,
    scps: Sequence[Sequence[Attachment]] = (),
    now: float | None = None,
    *,
    role_session: bool = False,
    permission_set: bool = False,
) -> Verdict:
    """Judge the documents of one identity.

    `boundary` and `scps` (one sequence for each level, from the organisation's root down) only ever take
    away. `now` is the time of the check in seconds since 1970; by default the clock's. `role_session` says
    that whoever holds them uses a role's session, as callers of a role do; `permission_set` that they are a
    permission set's, whose holders use a role that Identity Center keeps.
    """
    layers = [tuple(attachments), *([(boundary,)] if boundary else []), *map(tuple, scps)]
    moment = time.time() if now is None else now
    if any(isinstance(each.document, Unreadable) for each in attachments):
        meant = [tuple(map(_as_meant, attachments)), *layers[1:]]
        wide = Verdict(meant, moment, role_session=role_session, permission_set=permission_set)
        if wide.root_level:
            return wide
    return Verdict(layers, moment, role_session=role_session, permission_set=permission_set)


def _as_meant(attachment: Attachment) -> Attachment:
    """Return a document that IAM refuses as what it says: who writes root-level access is told so."""
    document = attachment.document
    if isinstance(document, Unreadable) and document.meant is not None:
        return attachment._replace(document=document.meant)
    return attachment
