"""The identity-center command: what `pulumi` has no verb for."""
