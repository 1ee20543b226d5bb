"""What a stack's program asks AWS before it makes anything."""
