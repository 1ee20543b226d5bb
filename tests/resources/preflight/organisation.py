"""An organisation of two accounts, and what it answers to the questions of a run."""

from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    ProvisionedSets,
)
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.language.settings import AwsSettings

MANAGEMENT: Final = "111122223333"
MEMBER: Final = "444455556666"
DEPLOY: Final = f"arn:aws:iam::{MANAGEMENT}:policy/team/Deploy"
MODEL: Final[dict[str, Any]] = {
    "groups": {"developers": {"displayName": "Developers"}},
    "permissionSets": {"deploying": {"name": "Deploying", "customerManagedPolicies": ["/team/Deploy"]}},
    "assignments": [
        {"group": "developers", "permissionSets": ["deploying"], "accounts": ["management", MEMBER]}
    ],
}


POLICY: Final = CustomerPolicy("/team/", "Deploy")


@dataclass
class Elsewhere:
    """What other accounts than the run's own answer."""

    answer: AccountAnswer = field(default_factory=lambda: AccountAnswer({POLICY: True}))
    asked: list[AccountQuestions] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, questions: AccountQuestions) -> dict[str, AccountAnswer]:
        """Answer the same for each."""
        assert isinstance(settings, AwsSettings)
        self.asked.append(questions)
        return dict.fromkeys(questions.by_account, self.answer)


@dataclass
class OfManagement:
    """What AWS says that the management account has."""

    answer: ProvisionedSets = field(default_factory=ProvisionedSets)
    asked: list[tuple[str | None, str, str]] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, instance_arn: str, account_id: str) -> ProvisionedSets:
        """Answer, and note what was asked in which Region."""
        self.asked.append((settings.region, instance_arn, account_id))
        return self.answer


def warnings(messages: pytest.LogCaptureFixture) -> list[str]:
    """Return what the program warned of."""
    return [record.message for record in messages.records if record.levelname == "WARNING"]
