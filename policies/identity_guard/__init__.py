"""The policy pack's content. This file imports nothing, so that the pure parts load without Pulumi."""
