"""What hangs on something that nobody knows is neither told as certain nor left out."""

from dataclasses import replace
from typing import Any, Final

import pytest

from identity_guard.chains import afar
from tests.chains.labs import ACCOUNT, Lab
from tests.chains.test_graph import LABS, becoming, case, undecided

UNHEARD: Final = {"StringEquals": {"aws:PrincipalTag/unheard": "yes"}}
"""Of an identity whose tags are not known nobody can say whether it holds."""
TRUSTED: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
LAST: Final[dict[str, Any]] = {"role": "last", "may": [["s3:GetObject", "*"]], "trusts": TRUSTED}


def doubted(identity: dict[str, Any]) -> dict[str, Any]:
    """Let all that an identity may do without a condition hang on a tag that it has perhaps."""
    if "tags" in identity:
        return identity
    may = [[*entry, UNHEARD] if len(entry) == 2 else entry for entry in identity.get("may", ())]
    return {**identity, "tags": None, "may": may}


@pytest.mark.parametrize("lab", [lab for lab in LABS if lab.chains], ids=lambda lab: str(lab.name))
def test_a_chain_whose_calls_are_in_doubt_is_undecided(lab: Lab) -> None:
    """Left out, it would be taken for closed, and whoever has the tag walks through."""
    asked = replace(lab, identities=[doubted(dict(each)) for each in lab.identities]).organisation()

    assert set(lab.chains) <= {*becoming(asked), *undecided(asked)}


@pytest.mark.parametrize("which", ["the first of two roles", "the second of two roles", "both", "neither"])
def test_who_is_written_now_and_perhaps_taken_later_is_undecided(which: str) -> None:
    """The change is certain, the way to the changed role goes over another role, and one step may be shut."""
    in_doubt = {
        "the first of two roles": ([UNHEARD], []),
        "the second of two roles": ([], [UNHEARD]),
        "both": ([UNHEARD], [UNHEARD]),
    }
    of_first, of_last = in_doubt.get(which, ([], []))
    first = {"role": "first", "trusts": TRUSTED, "may": [["sts:AssumeRole", "role/last", *of_last]]}
    ann = {
        "user": "ann",
        "may": [["iam:PutRolePolicy", "role/last"], ["sts:AssumeRole", "role/first", *of_first]],
    }
    asked = case({**ann, "tags": None}, {**first, "tags": None}, LAST)

    assert set(becoming(asked)) == ({"ann"} if which == "neither" else set())
    assert undecided(asked) == (set() if which == "neither" else {"ann"})


def test_beyond_the_limit_whoever_is_perhaps_reached_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An organisation too large to look through is no clean one."""
    monkeypatch.setattr(afar, "MOST_STEPS", 1)
    first = {
        "role": "first",
        "tags": None,
        "trusts": TRUSTED,
        "may": [["sts:AssumeRole", "role/last", UNHEARD]],
    }
    ann = {"user": "ann", "may": [["iam:PutRolePolicy", "role/last"], ["sts:AssumeRole", "role/first"]]}

    assert undecided(case(ann, first, LAST)) == {"ann"}
