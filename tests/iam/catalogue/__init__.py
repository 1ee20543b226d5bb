"""What AWS has: actions, patterns of them, shapes of ARNs, managed policies."""
