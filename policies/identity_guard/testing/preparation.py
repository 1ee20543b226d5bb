"""Read all data before the first verdict, for those who measure or answer many questions."""

import gc
from typing import Final

from identity_guard.iam.catalogue.action_patterns import forget_patterns, prepare_names
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL, arn_shapes
from identity_guard.iam.catalogue.escalation_paths import actions_within
from identity_guard.iam.evaluate.attachment import attach, snapshot_origin
from identity_guard.iam.evaluate.context_space import carriers_of
from identity_guard.iam.questions.verdict import judge

_ASKS_FOR_MUCH: Final = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "*:*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"nosuch:Key": "x", "aws:RequestedRegion": "nowhere"}},
        },
        {"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:s3:::x/*"},
    ]
}
"""What is built when it is first asked for, and has no name of its own, this document asks for."""


def prepare() -> None:
    """Read the data files and build what is built once; without it the first verdicts that need it do."""
    _ = catalogue().sizes, catalogue().bits_by_name, catalogue().blocks_by_pattern
    shapes = arn_shapes()
    shapes.taken_by(catalogue().everything)
    shapes.masks_without(frozenset({0}))
    shapes.examples(USUAL)
    _ = [shape.glob for shape in shapes.shapes]
    carriers_of("iam:passedtoservice")
    actions_within(catalogue().known)
    prepare_names()
    _ = [block.longest for block in catalogue().blocks]
    snapshot_origin()
    verdict = judge([attach(_ASKS_FOR_MUCH)], now=0.0)
    _ = verdict.root_level, verdict.mfa_enforced
    # What its patterns match is forgotten: each document that is measured works its own out.
    forget_patterns()
    # What was read stays for good: the garbage collector need not go through it again.
    gc.collect()
    gc.freeze()
