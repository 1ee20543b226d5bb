"""The access model: what may be said, and what is wrong with it."""
