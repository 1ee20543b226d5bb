"""What tests of rules and of the evaluator need, shipped for whoever writes rules of their own."""
