"""Who can reach what, as pages, pictures, profiles and tables."""
