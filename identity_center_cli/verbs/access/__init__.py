"""`identity-center access`: who can sign in to what, and beside what a stack lists."""
