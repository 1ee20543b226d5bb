"""Small changes to the evaluator and the rules, noticed by tests or not."""
