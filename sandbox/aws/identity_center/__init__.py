"""IAM Identity Center: identitystore, sso-admin and account access, where moto has too little or nothing."""
