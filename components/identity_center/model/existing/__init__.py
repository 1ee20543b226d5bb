"""What is there already: everything that an instance holds, as it was read, and who owns it."""
