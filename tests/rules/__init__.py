"""The rules of the policy pack."""
