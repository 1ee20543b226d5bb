"""Resource types and functions of IAM Identity Center: identitystore, ssoadmin, accountaccess."""
