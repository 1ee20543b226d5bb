"""Names as Pulumi's users write them."""

from functools import cache


@cache
def camel_case(name: str) -> str:
    """Return a name of Python's in camelCase: `user_name` is `userName`."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
