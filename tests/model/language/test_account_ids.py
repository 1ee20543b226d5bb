"""How an account id may be written, and the one answer to every other number, wherever it stands."""

from pathlib import Path
from typing import Any

import pytest

from identity_center.model.language.keys.spelling import number_as_written
from identity_center.model.mistakes import AccessModelError
from identity_center.model.reading.load import load
from identity_center.model.reading.sources import NoPlaces, of_stack
from identity_center.model.reading.stack_file import StackFile

#: What is written, and what the engine makes of it: gopkg.in/yaml.v3 reads it, and JSON carries it on. All of
#: the first ten have the value of 123456789012, an account that exists; a search for these digits finds none.
REFUSED: list[tuple[str, Any]] = [
    ("0x1CBE991A14", 123456789012),
    ("0X1cbe991a14", 123456789012),
    ("0o1627646215024", 123456789012),
    ("01627646215024", 123456789012),
    ("0b1110010111110100110010001101000010100", 123456789012),
    ("1.23456789012e11", 123456789012.0),
    ("1.23456789012E+11", 123456789012.0),
    ("123456789012.0", 123456789012),
    ("123_456_789_012", 123456789012),
    ("+123456789012", 123456789012),
    ("-123456789012", -123456789012),
    ("012345678901", 12345678901),
    ("012345670123", 1402433619),
    ("000000000000", 0),
    ("12345678901", 12345678901),
    ("1234567890123", 1234567890123),
    ("34:17:36:49:12", "34:17:36:49:12"),
    ("0", 0),
    (".5", 0.5),
    ("1e3", 1000),
]
ALLOWED: list[tuple[str, Any]] = [
    ("123456789012", 123456789012),
    ('"123456789012"', "123456789012"),
    ("'012345678901'", "012345678901"),
    ('"000000000000"', "000000000000"),
]
#: Texts in which somebody meant an id: as the console shows it, as a text processor writes that, with blanks.
MEANT: list[tuple[str, str]] = [
    ('"1234-5678-9012"', "1234-5678-9012"),
    ('"1234\u20135678\u20139012"', "1234\u20135678\u20139012"),
    ('"1234 5678 9012"', "1234 5678 9012"),
    ('"123456789012 "', "123456789012 "),
    ('"123456789012\\n"', "123456789012\\n"),
    ('"12345678901"', "12345678901"),
    ("1234-5678-9012", "1234-5678-9012"),
]
MODEL = """\
{0}groups: {{g: {{displayName: G}}}}
{0}permissionSets: {{p: {{name: P}}}}
{0}assignments: [{{group: g, permissionSets: [p], accounts: [{1}]}}]
"""
PLACES = ["{}", "{{account: {}}}", "all, {{except: [{}]}}", "all, {{except: [{{account: {}}}]}}"]


def in_folder(root: Path, accounts: str) -> list[str]:
    """Return what is said of a folder with these accounts, without the places."""
    (root / "access").mkdir(exist_ok=True)
    (root / "access" / "model.yaml").write_text(MODEL.format("", accounts), encoding="utf-8")
    return said(of_stack({"modelFolder": "access"}, NoPlaces(), root).values)


def said(values: Any) -> list[str]:  # noqa: ANN401  # of the configuration
    """Return what is said of a model, without the places in files."""
    return list(AccessModelError(load(values).mistakes).lines)


def in_stack_file(accounts: str) -> StackFile:
    """Write a stack's file with these accounts."""
    text = "config:\n  " + MODEL.format("identity-center:", accounts).replace("\n", "\n  ")
    return StackFile("Pulumi.dev.yaml", text)


def as_the_engine_has_it(place: str, value: object) -> dict[str, Any]:
    """Return the values of such a stack's file as the engine hands them to the program."""
    account: Any = {"account": value} if "account" in place else value
    accounts = ["all", {"except": [account]}] if "except" in place else [account]
    return {
        "groups": {"g": {"displayName": "G"}},
        "permissionSets": {"p": {"name": "P"}},
        "assignments": [{"group": "g", "permissionSets": ["p"], "accounts": accounts}],
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("written", "value"), REFUSED)
def test_every_other_number_is_refused_as_it_was_written(
    tmp_path: Path, written: str, value: object, place: str
) -> None:
    """Whoever looks for an account by its digits would not find this grant, which holds all the same."""
    accounts = place.format(written)
    file = in_stack_file(accounts)
    given = as_the_engine_has_it(place, value)

    answers = [
        in_folder(tmp_path, accounts),
        said(file.values),  # as `identity-center validate` reads the stack's file
        said({key: file.as_written(key, item) for key, item in given.items()}),  # as a run reads it
    ]

    assert answers[0] == answers[1] == answers[2]
    (line,) = answers[0]
    assert line.startswith("identity-center:assignments[0].accounts[")
    assert line.endswith(
        f': `{written}` is not an account id; write the 12 digits in quotes, such as "012345678901"'
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("written", "shown"), MEANT)
def test_what_was_meant_as_an_id_is_no_name(tmp_path: Path, written: str, shown: str, place: str) -> None:
    """Where no organisation is at hand, nothing else would tell that no account is called so."""
    accounts = place.format(written)

    (line,) = in_folder(tmp_path, accounts)

    assert said(in_stack_file(accounts).values) == [line]
    assert line.endswith(
        f': `{shown}` is not an account id; write the 12 digits in quotes, such as "012345678901"'
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("written", ["2024-team", "2027-02-15", "12-34", '"shop 7"'])
def test_a_name_with_digits_stays_a_name(tmp_path: Path, written: str, place: str) -> None:
    """Teams number their accounts, and call them by a year."""
    assert in_folder(tmp_path, place.format(written)) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("written", "value"), ALLOWED)
def test_twelve_digits_are_an_account_id(tmp_path: Path, written: str, value: object, place: str) -> None:
    """In quotes whatever they are, and without where no reader of YAML can mistake them."""
    accounts = place.format(written)
    file = in_stack_file(accounts)
    given = as_the_engine_has_it(place, value)

    assert in_folder(tmp_path, accounts) == said(file.values) == []
    assert said({key: file.as_written(key, item) for key, item in given.items()}) == []


@pytest.mark.parametrize(("written", "value"), REFUSED)
def test_numbers_are_read_as_the_engine_reads_them(written: str, value: object) -> None:
    """A folder and a stack's file that say the same are the same model."""
    assert number_as_written(written) == value


@pytest.mark.parametrize(
    "text",
    ["shop", "2024-team", "12-34", "1.2.3", "0xZZ", "0b12", "-", ".", "+", "1:99", "2027-02-15", "e5", "_1"],
)
def test_texts_that_are_no_numbers_stay_texts(text: str) -> None:
    """Names of accounts may begin with digits."""
    assert number_as_written(text) is None


def test_root_is_denied_where_the_digits_say() -> None:
    """The guard of root users names accounts as well."""
    wrong = [number_as_written("0x1CBE991A14"), "1234-5678-9012"]
    lines = said({"rootGuard": {"denyRootIn": [*wrong, 123456789012]}})

    assert lines == [
        (
            f"identity-center:rootGuard.denyRootIn[{place}]: `{shown}` is not an account id; "
            'write the 12 digits in quotes, such as "012345678901"'
        )
        for place, shown in enumerate(("0x1CBE991A14", "1234-5678-9012"))
    ]
