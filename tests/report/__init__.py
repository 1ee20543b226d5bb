"""The report, in its forms and in a browser."""
