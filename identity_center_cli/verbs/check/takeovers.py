"""Ways to the role of a workload that runs already: as much as that role gives, where there is one.

They are told where all ways are asked for, and count as advice: somebody who may run a command on instances
gets what the widest instance role gives, and that is not in a document. In a stack whose workloads are in
sight, `chains-to-administrators` tells the chains that are there.
"""

from collections.abc import Iterator

from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.rules.escalation import NAME
from identity_guard.stack.findings import Finding, Outcome, compose
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import granting_statement, granting_urn
from identity_guard.stack.view import View

RULE = NAME
REMEDY = "look at the roles of the workloads that these calls reach, or name the workloads in the policy"


def takeovers_of(view: View) -> Iterator[Finding]:
    """Tell, for each identity, of the workloads whose role it may use, but for administrators."""
    for identity in view.identities.everyone:
        known = view.judgement(identity).known
        if known.takeovers and not (known.root_level or known.administrator or identity.has_only_its_groups):
            yield _finding(identity, known.takeovers, view)


def _finding(identity: Identity, paths: tuple[EscalationPath, ...], view: View) -> Finding:
    judgement = view.judgement(identity)
    witness = next((found for path in paths if (found := judgement.known.witness_of(path))), None)
    ways = "1 way" if len(paths) == 1 else f"{len(paths)} ways"
    claim = f"{judgement.label} can use the role of a workload that runs already, where there is one: {ways}"
    details = [("weighs", "as much as the widest role of such a workload, and nothing where none is wider")]
    everything = tuple(f"{path.name} ({' + '.join(path.actions)}): {path.gives}" for path in paths)
    return Finding(
        NAME,
        Outcome.ADVICE,
        compose(claim, details, REMEDY),
        granting_urn(judgement, witness),
        everything=everything,
        statement=granting_statement(witness),
    )
