"""What a row of the table is made of: its schema, its values, and the steps' way to the API."""
