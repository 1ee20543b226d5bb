"""The rules: values of the engine in, findings out. This file imports nothing."""
