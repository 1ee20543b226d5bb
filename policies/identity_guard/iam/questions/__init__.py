"""What a reader asks of documents: root level, escalation, trust, MFA, and one verdict of all."""
