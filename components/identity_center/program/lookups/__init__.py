"""What a run asks AWS before it makes anything, through the provider and beside it."""
