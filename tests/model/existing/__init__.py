"""What AWS holds beside a model, and the model that would say it."""
