"""The pack in the real engine."""
