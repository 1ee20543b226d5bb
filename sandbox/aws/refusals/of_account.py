"""How AWS Account Management refuses."""

from sandbox.aws.refusals.refusal import Refusal

ROWS: dict[str, Refusal] = {
    "account-of-others": Refusal(
        "account",
        ("PutAccountName",),
        "the account named is no member, or trusted access for the service is off",
        "AccessDeniedException",
        "User: arn:aws:iam::{account}:root is not authorized to perform: account:PutAccountName on {number}",
        "AWS Account Management reference, PutAccountName, AccountId",
    ),
}
