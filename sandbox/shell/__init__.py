"""What a user meets inside the sandbox: a shell, `pulumi` in it, and a sign-in without a browser."""
