"""What a key may say: the types of values with their words when one is wrong, and what is known of a key."""
