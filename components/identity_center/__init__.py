"""IAM Identity Center as code. This file imports nothing, so that the pure parts load without Pulumi."""
