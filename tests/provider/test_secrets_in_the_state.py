"""A secret input is a secret of the state, and of no message."""

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider.rows.attached import Attached
from sandbox.provider.rows.values import Secret

from .inputs import GET, INLINE, USER, failure, of_set, person


def test_a_secret_input_stays_secret_in_the_state(attached: Attached, around: Surroundings) -> None:
    """A state file with a secret in clear is a leak, whatever the property."""
    secret = {**person(around), "displayName": Secret("hidden"), "emails": {"value": Secret("a@b.c")}}
    made = attached.create(USER, "ada", secret)
    assert made.state["displayName"] == Secret("hidden")
    assert made.state["emails"]["value"] == Secret("a@b.c")
    seen = attached.refresh(made)
    assert seen is not None
    assert (seen.state["displayName"], seen.inputs["displayName"]) == (Secret("hidden"),) * 2
    assert seen.inputs["emails"]["value"] == Secret("a@b.c")


def test_an_error_does_not_quote_a_secret(impatient: Attached, around: Surroundings) -> None:
    """AWS quotes what it refuses, and an error ends in logs."""
    hidden = GET.replace("s3:Get*", "top-secret-nonsense")
    inputs = of_set(around, around.permission_set(), inlinePolicy=Secret(hidden + " " * 33_000))
    error = failure(lambda: impatient.create(INLINE, "i", inputs))
    assert "top-secret" not in str(error.details())
    assert "length less than or equal to 32768" in str(error.details())
