"""Facts about AWS: the portal, its roles, the policies that are given to people to use."""
