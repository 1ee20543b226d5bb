"""What tests of several folders need, written once."""
