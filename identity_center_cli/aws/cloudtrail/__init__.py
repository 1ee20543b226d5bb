"""What CloudTrail recorded: who changed something in Identity Center, and how people signed in."""
