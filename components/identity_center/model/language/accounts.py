"""Accounts as a configuration writes them: 12 digits, or the word that stands for the management account."""

import re

from identity_center.model.mistakes import WrongValueError

from .keys.spelling import is_number_like, text_of

#: The word that stands for the organisation's management account, whatever its number.
MANAGEMENT = "management"
_DIGITS = 12
_ID = re.compile(rf"[0-9]{{{_DIGITS}}}")
#: Blanks and dashes: the hyphen of the console, and those that a text processor makes of it.
_BETWEEN_DIGITS = re.compile(r"[\s\u2010-\u2015\u2212-]")
#: Twelve digits that are a number in plain decimal digits: none of them is in front of a zero.
_PLAIN_ID = re.compile(r"[1-9][0-9]{11}")


def is_account_id(text: str) -> bool:
    """Tell whether a text has the form of an account id: 12 ASCII digits."""
    return _ID.fullmatch(text) is not None


def looks_like_an_id(text: str) -> bool:
    """Tell whether somebody meant an account id and wrote none.

    Twelve digits in groups, as the console shows an id ("Account ID: 1234-5678-9012"), with blanks around
    them, or digits of another number. An account that is called so is named by its id.
    """
    digits = _BETWEEN_DIGITS.sub("", text)
    return digits.isdigit() and (digits == text or len(digits) == _DIGITS) and not is_account_id(text)


def is_account(text: str) -> bool:
    """Tell whether a text has the form of an account: 12 digits, or the word `management`."""
    return text == MANAGEMENT or is_account_id(text)


def quoted_or_plain(value: object) -> object:
    """Return the account id that a number is, and anything but a number as it is.

    An id is 12 digits in quotes, or 12 plain digits that do not begin with 0. Every other number is refused,
    also where its value would be an id: a search for the digits of an account has to find every grant on it.
    Raises WrongValueError, which quotes the number as it was written.
    """
    if not is_number_like(value):
        return value
    text = text_of(value)
    if isinstance(value, int) and _PLAIN_ID.fullmatch(text):
        return text
    raise no_account_id(text)


def no_account_id(text: str) -> WrongValueError:
    """Say of digits, or of a number, that no account has such an id."""
    # What is not seen between backquotes, such as a line break, is written out.
    shown = text if text.isprintable() else text.encode("unicode_escape").decode()
    return WrongValueError(
        f"`{shown}` is not an account id", 'write the 12 digits in quotes, such as "012345678901"'
    )
