"""Who can become whom: chains of single steps from one identity to another, up to administrators.

Pure like `iam`: neither Pulumi nor boto3. Whoever has identities, a stack, a state, an account's
authorization details, puts them into an `Organisation`; `Graph` asks the evaluator which step leads from
which identity to which; `Chains` finds the shortest way to a goal.

    organisation = Organisation(nodes=[...], policies=[...], workloads=[...])
    chains = Chains(Graph(organisation, now))
    for source in chains.sources():
        print(source.label, chains.of(source))
"""

from .closure import Chain, Chains
from .graph import Graph
from .organisation import Above, Entry, Kind, ManagedPolicy, Node, Organisation, Workload
from .steps import Step

__all__ = [
    "Above",
    "Chain",
    "Chains",
    "Entry",
    "Graph",
    "Kind",
    "ManagedPolicy",
    "Node",
    "Organisation",
    "Step",
    "Workload",
]
