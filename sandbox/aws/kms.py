"""KMS keys, of which Identity Center needs one in each of an instance's Regions.

moto's own, but for multi-Region keys: it writes their ids with hyphens, which no pattern of AWS allows, and
so takes an id of AWS's form for none. A key is therefore named by its ARN here.
"""

import re
from typing import Any, Final, cast

from moto.kms import models, urls
from moto.kms.models import KmsBackend, kms_backends

#: The ARN of a key. Source: botocore, sso-admin, shape KmsKeyArn.
KEY_ARN: Final = re.compile(r"arn:[^:]+:kms:(?P<region>[^:]+):(?P<account>\d{12}):key/(?P<id>.+)")
_models: Any = models
_key_id = _models.generate_key_id


class Kms(KmsBackend):
    """KMS of an account and Region."""

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    def replicate_key(self, key_id: str, replica_region: str) -> models.Key:
        """ReplicateKey, of a key that is named by its ARN, too."""
        return super().replicate_key(self.get_key_id(key_id), replica_region)


def has_key(arn: str) -> bool:
    """Tell whether there is such a key, and whether it is enabled."""
    key = KEY_ARN.fullmatch(arn)
    if key is None:
        return False
    held = kms_backends[key["account"]][key["region"]].keys.get(key["id"])
    return held is not None and held.key_state == "Enabled"


def _of_aws(multi_region: bool = False) -> str:  # noqa: FBT001, FBT002 - as moto calls it
    """Make an id. Source: KMS developer guide, "Multi-Region keys in AWS KMS"."""
    prefix, mark, rest = _key_id(multi_region).partition("mrk-")
    return f"{mark}{rest.replace('-', '')}" if mark else prefix


def install() -> None:
    """Put these in the place of moto's."""
    cast("Any", kms_backends).backend = Kms
    _models.generate_key_id = _of_aws
