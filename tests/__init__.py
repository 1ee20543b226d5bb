"""Tests, by layer; what several folders need is in `support`."""
