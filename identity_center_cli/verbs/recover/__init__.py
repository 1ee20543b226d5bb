"""`identity-center recover`: after an update that was killed, the state is made to say what AWS has."""
