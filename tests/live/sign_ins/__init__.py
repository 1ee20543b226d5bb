"""Who can sign in to what, and with which credential they did."""
