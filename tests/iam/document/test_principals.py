"""The Principal element: whom it names, and what is none."""

from typing import Any

import pytest

from identity_guard.iam.document.statement import PrincipalError, PrincipalKind, Principals, read_principals

AWS, SERVICE, FEDERATED = PrincipalKind.AWS, PrincipalKind.SERVICE, PrincipalKind.FEDERATED


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("*", ((AWS, "*"), (FEDERATED, "*"))),
        ({"AWS": "*"}, ((AWS, "*"),)),
        ({"AWS": "111122223333"}, ((AWS, "111122223333"),)),
        ({"AWS": ["a", "b"], "Service": "c"}, ((AWS, "a"), (AWS, "b"), (SERVICE, "c"))),
        ({"CanonicalUser": "x"}, ((PrincipalKind.CANONICAL_USER, "x"),)),
    ],
)
def test_whom_it_names(raw: Any, named: tuple[Any, ...]) -> None:  # noqa: ANN401 - any of JSON
    """Each name with its kind, in the order in which they are written."""
    assert read_principals(raw) == Principals(named, excluded=False)
    assert read_principals(raw, excluded=True) == Principals(named, excluded=True)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("111122223333", 'expected "*" or an object'),
        (7, 'expected "*" or an object'),
        ([], 'expected "*" or an object'),
        ({}, "names nobody"),
        ({"aws": "*"}, "`aws` is no kind of principal; there are AWS, Service, Federated, CanonicalUser"),
        ({"k" * 99: "*"}, f"`{'k' * 40}` is no kind"),
        ({"AWS": 7}, "AWS: expected a text or a list of texts"),
        ({"AWS": ["a", 7]}, "AWS: expected a text or a list of texts"),
        ({"AWS": {"a": "b"}}, "AWS: expected a text or a list of texts"),
    ],
)
def test_what_is_no_principal(raw: Any, expected: str) -> None:  # noqa: ANN401 - any of JSON
    """The mistake is named as it is written."""
    with pytest.raises(PrincipalError) as caught:
        read_principals(raw)

    assert str(caught.value).startswith(expected)


def test_the_names_of_one_kind() -> None:
    """And of no other."""
    found = read_principals({"AWS": ["a", "b"], "Service": "c"})

    assert [found.of_kind(kind) for kind in (AWS, SERVICE, FEDERATED)] == [("a", "b"), ("c",), ()]
