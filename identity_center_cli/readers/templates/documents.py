"""A policy document of a template as IAM gets it: scalars as texts, and ARNs where only ARNs are taken.

Source: CloudFormation hands every scalar on as a text (`Sid: 1`, `AWS: 111122223333`); what `Ref` gives of a
resource stands in a policy as an ARN or the policy is refused (IAM User Guide, "Resource"; "Principal").
"""

import dataclasses
from typing import Any, Final

from identity_center_cli.readers.open_values import Either, NameOrArn

from .json_texts import in_text
from .parameters import as_text

_OF_ARNS: Final = ("Resource", "NotResource", "AWS")


def as_iam_gets_it(value: Any) -> Any:  # noqa: ANN401 - as a template has it
    """Return a document as IAM gets it from CloudFormation."""
    return _element("", in_text(value), arns=False)


def _element(name: str, value: Any, *, arns: bool) -> Any:  # noqa: ANN401 - as above
    """Write one element, all of which are ARNs where it or what it stands in takes only such."""
    arns = arns or name in _OF_ARNS or "Arn" in name or name.lower().endswith("arn")
    if isinstance(value, dict):
        return {str(key): _element(str(key), each, arns=arns) for key, each in value.items()}
    if isinstance(value, list):
        return [_element("", each, arns=arns) for each in value]
    if isinstance(value, Either):
        default, other = (_element("", each, arns=arns) for each in (value.default, value.other))
        return dataclasses.replace(value, default=default, other=other)
    if isinstance(value, NameOrArn):
        return value.arn if arns else str(value)
    return as_text(value) if isinstance(value, bool | int | float) else value
