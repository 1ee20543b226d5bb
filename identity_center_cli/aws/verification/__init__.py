"""Whether what a stack lists is in an instance, as the API says now; only that is asked for."""
