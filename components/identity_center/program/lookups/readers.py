"""What a program is given to ask AWS with beside the Pulumi provider: that takes boto3."""

from dataclasses import dataclass, field

from .additional_regions import RegionReader
from .after_a_fall import AfterAFall
from .answers_of_aws import ProvisioningReader
from .needed_in_accounts import AccountLookups
from .new_names import NameReader
from .organisation import Reader
from .outdated_accounts import OutdatedReader


@dataclass(frozen=True)
class Readers:
    """What asks AWS; what is left out is not asked, and the run says so."""

    organisation: Reader | None = None
    """Reads units and tags of the organisation's accounts, where targets need them."""
    accounts: AccountLookups = field(default_factory=AccountLookups)
    """Looks for policies and roles in other accounts than the run's own, and reads the roles' trust."""
    provisioned_sets: ProvisioningReader | None = None
    """Reads which permission sets the management account has, for a delegated administrator's run."""
    names_in_use: NameReader | None = None
    """Reads which names AWS has, where a run gives new ones."""
    after_a_fall: AfterAFall = field(default_factory=AfterAFall)
    """Reads what an update that was killed left."""
    regions: RegionReader | None = None
    """Reads the Regions and the key of the instance, where a run adds or removes Regions."""
    outdated: OutdatedReader | None = None
    """Reads which accounts have older forms of permission sets, where an update may have left some."""
