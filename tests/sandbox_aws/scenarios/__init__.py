"""What provokes each refusal of the sandbox's table: a scenario for each row, in chapters by service."""
