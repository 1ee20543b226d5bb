"""`identity-center root`: what is found of root users, and what is taken from them."""
