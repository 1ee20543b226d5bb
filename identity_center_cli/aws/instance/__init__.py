"""Reading an Identity Center instance: everything, in bulk and once, under the service's rate."""
