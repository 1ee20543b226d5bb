"""Updates that fall, are killed or refused, and how they go on."""
