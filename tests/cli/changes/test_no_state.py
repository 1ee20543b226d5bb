"""What is given in the place of an exported state is called what it is, by every verb."""

import pytest

from identity_center.model.existing.snapshot_file import write_existing
from tests.cli.test_adopt_verify import EXISTING
from tests.support.command import Command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty; `pulumi stack export` prints one"),
        ("{", "it is not JSON; `pulumi stack export` prints one"),
        ("[]", "it is no JSON object; `pulumi stack export` prints one"),
        ('{"version": 3}', "it has no `deployment`; `pulumi stack export` prints one"),
        ('{"version": 3, "deployment": null}', "it has no `deployment`; `pulumi stack export` prints one"),
        ('{"Version": "2012-10-17", "Statement": []}', "it is a policy document; `pulumi stack export`"),
        ('{"account_assignments": {}, "permission_sets": {}}', "it is what `pulumi stack output --json` pr"),
        ('{"comparison": "first", "stack": "dev"}', "it is what a preview wrote for machines"),
        (
            '{"managementAccountId": "1", "units": []}',
            "it is what `identity-center organisation snapshot` wr",
        ),
        ('{"instanceArn": "", "identityStoreId": "", "kind": ""}', "`identity-center snapshot` wrote;"),
        ("\u00e9", "it is not in UTF-8"),
    ],
)
def test_what_is_no_state_is_called_what_it_is(command: Command, text: str, says: str) -> None:
    """`it has no deployment` sends people to look in their stack for what is a slip of the hand."""
    (command.folder / "x.json").write_bytes(text.encode("latin-1"))

    ended = command("changes", "--before", "x.json", "--after", "x.json")

    assert (ended.status, ended.output) == (2, "")
    assert "identity-center: x.json is no exported state: it " in ended.errors
    assert says in ended.errors
    assert len(ended.errors.splitlines()) == 1


@pytest.mark.parametrize("verb", ["drift", "report", "graph", "profiles", "explain", "validate"])
def test_every_verb_names_the_file_that_is_no_state(
    command: Command, sides: tuple[str, str], verb: str
) -> None:
    """Of several files on a command line, one is wrong."""
    command.write("x.json", {"account_assignments": {}, "permission_sets": {}})
    command.write("snapshot.json", write_existing(EXISTING))
    asked: tuple[str, ...] = {
        "drift": ("--snapshot", "snapshot.json"),
        "report": ("--from", "state"),
        "graph": (),
        "profiles": ("--start-url", "https://x/start", "--sso-region", "eu-west-1"),
        "explain": ("--who", "ada", "--can", "s3:GetObject"),
        "validate": (sides[0], "--existing", "snapshot.json"),
    }[verb]

    ended = command(verb, *asked, "--state", "x.json")

    assert (ended.status, ended.output) == (2, "")
    assert ended.errors == (
        "identity-center: x.json is no exported state: it is what `pulumi stack output --json` printed; "
        "`pulumi stack export` prints one\n"
    )
