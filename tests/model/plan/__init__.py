"""The resources that a model comes to, and what a run says of them."""
