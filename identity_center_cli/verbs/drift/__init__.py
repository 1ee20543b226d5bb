"""`identity-center drift`: where AWS is not what the stack or the model says."""
