"""`identity-center drift`: what AWS has otherwise, who did it, and what is taken away."""
