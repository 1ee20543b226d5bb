"""`identity-center check` and `validate`: documents, states and models by the rules of the pack."""
