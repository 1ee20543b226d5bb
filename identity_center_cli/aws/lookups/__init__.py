"""What a stack's program asks AWS before it makes anything, beside the Pulumi provider."""
