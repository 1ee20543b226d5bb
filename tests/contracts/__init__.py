"""What files of the project promise each other."""
