"""`identity-center drift` of states, models and snapshots."""
