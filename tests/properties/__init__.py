"""Laws that hold for any document."""
