"""Facts about AWS that the model needs, each with its source."""
