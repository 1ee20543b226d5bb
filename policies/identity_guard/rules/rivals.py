"""Two resources that fight for one place: each update undoes what the one before made."""

from collections.abc import Iterator

from identity_guard.stack.findings import Finding, Outcome, compose, quoted
from identity_guard.stack.identities import Identity
from identity_guard.stack.occupancy import Rivalry, rivalries
from identity_guard.stack.view import View


def fights(rule: str, identity: Identity, view: View) -> Iterator[Finding]:
    """Advise where several resources claim one place of an identity."""
    for rivalry in rivalries(identity, view.identities):
        yield _finding(rule, rivalry)


def _finding(rule: str, rivalry: Rivalry) -> Finding:
    first, *others = rivalry.holders
    who = quoted(each.label.replace("`", "") for each in rivalry.holders)
    claim = f"{who} fight for one place: {rivalry.place}"
    if not others:
        claim = f"{first.label} names one place twice: {rivalry.place}"
    details = [
        (
            "why",
            "what is made last wins, until an update makes the other again; nobody knows which will hold",
        ),
        ("judged", "each as if it were alone; a Deny counts only where it holds either way"),
    ]
    remedy = "let one resource have the place, with all that both should say"
    return Finding(rule, Outcome.ADVICE, compose(claim, details, remedy), rivalry.holders[-1].urn)
