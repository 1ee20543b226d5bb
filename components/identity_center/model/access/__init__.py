"""From a declaration to who has what: grants, policies, changes, and the brake on removals."""
