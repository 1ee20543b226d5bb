"""Asking for the same again: ids of today in place of those of a record, and nothing else."""

import json
from pathlib import Path

from sandbox.aws.accounts.organisation import loopback_client
from tests.older_state.replay import Ids, replay

RECORD = Path(__file__).parent.parent / "older_state" / "688f6c0"


def test_ids_are_replaced_as_whole_words() -> None:
    """An id in the middle of another would make a state of nothing."""
    ids = Ids()
    ids.learn(
        {
            "Id": "r-ab12",
            "Arn": "arn:aws:x:::root/o-1/r-ab12",
            "Status": "IN_PROGRESS",
            "Parts": [{"Id": "ou-ab12-1"}],
        },
        {
            "Id": "r-zz99",
            "Arn": "arn:aws:x:::root/o-2/r-zz99",
            "Status": "SUCCEEDED",
            "Parts": [{"Id": "ou-zz99-7"}],
        },
    )

    text = "r-ab12 for-ab12 ou-ab12-1 x,ou-ab12-1,y arn:aws:x:::root/o-1/r-ab12 IN_PROGRESS"
    assert (
        ids.renewed(text) == "r-zz99 for-ab12 ou-zz99-7 x,ou-zz99-7,y arn:aws:x:::root/o-2/r-zz99 IN_PROGRESS"
    )
    assert Ids().renewed(text) == text


def test_a_record_is_made_again_in_full(endpoint: str, first_day: object) -> None:
    """What the replay left out, a preview would want to make, and the mistake would not be the program's."""
    assert first_day
    ids = replay(RECORD / "aws.jsonl", endpoint)

    state = json.loads(ids.renewed((RECORD / "state.json").read_text(encoding="utf-8")))
    made = [
        one
        for one in state["deployment"]["resources"]
        if one["type"].endswith(":PermissionSet") and one["custom"]
    ]
    sso = loopback_client("sso-admin", endpoint, "us-east-1")
    (instance,) = sso.list_instances()["Instances"]
    there = sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]
    assert sorted(one["outputs"]["arn"] for one in made) == sorted(there)
    assert len(there) == 4
