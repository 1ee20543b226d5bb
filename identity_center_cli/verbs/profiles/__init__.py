"""`identity-center profiles`: a profile of the AWS CLI for each account and permission set."""
