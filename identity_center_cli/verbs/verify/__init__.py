"""`identity-center verify`: what a stack granted, as the instance and the access portal show it."""
