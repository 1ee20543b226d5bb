"""`identity-center adopt`: what exists in the folder of a model."""
