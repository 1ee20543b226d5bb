"""`identity-center changes`: who gains and loses what, and where a pull request says it."""
