"""`identity-center explain`: who may do what, and why."""
