"""`identity-center recover`: a state after a fall."""
