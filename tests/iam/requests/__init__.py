"""One request, decided by all the policies that AWS looks at."""
