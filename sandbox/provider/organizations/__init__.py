"""Resource types and functions of Organizations."""
