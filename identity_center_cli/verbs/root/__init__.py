"""`identity-center root`: how the root users of an organisation stand, and how to mend it."""
