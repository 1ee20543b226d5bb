"""`identity-center adopt`: what exists becomes a model, and the state takes it in."""
