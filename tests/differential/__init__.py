"""The evaluator beside a slow, obvious one and beside a peer."""
