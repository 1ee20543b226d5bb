"""`identity-center check`: what documents grant, from files, a model or a preview."""
