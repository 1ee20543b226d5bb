"""`identity-center verify`, against the instance and against one person's access portal."""
