"""`identity-center changes`: what a change of the code does to people's access."""
