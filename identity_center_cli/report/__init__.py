"""The report: who can reach what, how strong it is, through which path; for whoever decides about access."""
