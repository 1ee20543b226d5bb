"""What a run tells of what it is about to change: people, permissions, notices, how long it takes."""
