"""From text to a declaration, with the place of every key and every mistake at once."""
