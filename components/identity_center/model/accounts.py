"""Accounts as a configuration writes them: 12 digits, or the word that stands for the management account."""

from .wrong_value import WrongValueError

#: The word that stands for the organisation's management account, whatever its number.
MANAGEMENT = "management"
_DIGITS = 12


def is_account(text: str) -> bool:
    """Tell whether a text has the form of an account: 12 digits, or the word `management`."""
    return text == MANAGEMENT or (len(text) == _DIGITS and text.isascii() and text.isdigit())


def read_account(value: object) -> str:
    """Read the word `management`, or an id of 12 digits, which YAML may have read as a number.

    A number with a leading zero loses it in YAML, or is read to the base 8: it has fewer digits then, is
    refused, and is never taken for another account.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if len(str(value)) == _DIGITS:
            return str(value)
        raise WrongValueError(
            f"the number {value} does not have 12 digits",
            'write the account id in quotes, such as "012345678901": YAML drops a leading zero',
        )
    if not isinstance(value, str):
        raise WrongValueError("is not an account", f"write an account id of 12 digits, or `{MANAGEMENT}`")
    if not is_account(value):
        raise WrongValueError(
            f"`{value}` is not an account", f"write an account id of 12 digits, or `{MANAGEMENT}`"
        )
    return value
