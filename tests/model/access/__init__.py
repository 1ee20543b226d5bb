"""From a declaration to who has what; changes, brake, terms."""
