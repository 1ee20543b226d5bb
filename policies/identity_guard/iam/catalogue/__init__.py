"""What AWS has: actions, resource types, condition keys, partitions, escalation paths."""
