"""What one may write: the entries of the access model, one module a concept of AWS."""
