"""Who becomes whom in a stack: the chains of its identities, and the rule that tells them."""
