"""What people meet of Identity Center: signing in (``sso-oidc``), and the access portal (``sso``)."""
