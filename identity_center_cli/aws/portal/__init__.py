"""What a person who has signed in meets: the token, the access portal, the sessions of its roles."""
