"""Whatever somebody writes, the model answers with mistakes and never with a traceback."""

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_center.model.assemble import assemble
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import AccessModelError
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.reading.sources import of_stack
from identity_center.model.reading.stack_file import StackFile
from identity_center_cli.stacks.written_model import WithoutAws

#: A project without files.
NOWHERE = Path("/nonexistent")
KEYS = st.sampled_from(
    [
        "users",
        "groups",
        "permissionSets",
        "assignments",
        "mfaRequirement",
        "portalUrl",
        "ada",
        "members",
        "group",
        "user",
        "accounts",
        "managedPolicies",
        "name",
        "userName",
        "externalUsers",
        "externalGroups",
        "permissionSetDefaults",
        "applications",
        "accountAccess",
        "entitlements",
        "roles",
        "accessControlAttributes",
        "quotas",
        "inlinePolicy",
        "permissionsBoundary",
        "extends",
        "formerly",
        "tags",
        "expires",
        "breakGlass",
        "portal",
        "promptMode",
        "allowedTypes",
        "enforcedBy",
        "validUntil",
        "x/y",
        "",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(["ada", "developers", "management", "012345678901", "always-on", "2027-02-15", "PT4H"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
ORGANISATION = Organisation.of(
    "111122223333", [MemberAccount("111122223333", "Management", AccountState.ACTIVE)]
)


def answered(raw: dict[str, Any], text: str) -> list[str]:
    """Go through all that the program does with a configuration, and return what is said of it."""
    sources = of_stack(raw, StackFile("f", text), NOWHERE)
    found = assemble(sources, Clock(date(2026, 11, 23)), WithoutAws(""), ORGANISATION)
    return list(AccessModelError(found.mistakes, sources.places).lines)


@given(raw=st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_value_is_answered_in_words(raw: dict[str, Any]) -> None:
    """A traceback of ours tells a reader nothing about their file."""
    for line in answered(raw, ""):
        assert line.startswith("identity-center:")
        assert "; " in line


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_wrong_value_anywhere_in_a_sound_file_is_answered_in_words(
    data: st.DataObject, sound: str, values_of: Callable[[str], dict[str, Any]]
) -> None:
    """The same for a file that is right but for one place; sound entries beside it stay readable."""
    raw = values_of(sound)
    changed = copy.deepcopy(raw)
    place: Any = changed
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(VALUES)
            break
        place = place[key]

    for line in answered(changed, sound):
        assert "identity-center:" in line
        assert "; " in line
