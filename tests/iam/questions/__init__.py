"""Root level, escalation, MFA, trust, and the proof."""
