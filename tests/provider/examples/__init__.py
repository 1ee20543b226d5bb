"""An example of each resource type of the stand-in provider, in chapters by service."""
