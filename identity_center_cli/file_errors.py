"""What the system says of a file, in words for a person."""


def told(error: OSError) -> str:
    """Return which file it is and what is wrong with it, without the system's number for that."""
    what = error.strerror or str(error)
    return f"{error.filename}: {what[:1].lower()}{what[1:]}" if error.filename else what
