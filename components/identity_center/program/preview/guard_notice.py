"""Says at the end of a preview that nothing the program sees puts a policy pack over the run.

The engine does not tell a program of packs: neither `RunRequest` (sdk/proto/language.proto) nor
`GetDeploymentInfo` of the monitor (resource.proto) has a word of them (Pulumi 3.260.0; a contract test holds
it current). What is left is the environment, which the CLI hands down: `PULUMI_OPTION_POLICY_PACK` is its
`--policy-pack`. One that is named on the command line alone, or enforced by Pulumi Cloud, is not seen here,
and the line says so.
"""

from collections.abc import Mapping
from typing import Final

import pulumi

from identity_center.resources import messages

VARIABLE: Final = "PULUMI_OPTION_POLICY_PACK"
#: What every backend but Pulumi Cloud calls its one organisation. It has no packs of its own to enforce.
#: Source: pulumi/pkg/backend/diy/backend.go, diyBackendReference.
_NO_CLOUD: Final = "organization"


def say_where_no_pack_is_seen(environment: Mapping[str, str]) -> None:
    """Tell the user of a preview. An update follows one, or somebody has left it out who knows why."""
    if not pulumi.runtime.is_dry_run() or environment.get(VARIABLE, "").strip():
        return
    own = pulumi.get_organization() == _NO_CLOUD
    unseen = "--policy-pack is on the command line"
    if not own:
        unseen += f", or Pulumi Cloud enforces a pack for {pulumi.get_organization()}"
    (messages.warn if own else messages.info)(
        f"{VARIABLE} is not set: no policy pack judges this run, unless {unseen}, of which a program is not "
        f'told. export {VARIABLE}="$(identity-center pack-path)"'
    )
