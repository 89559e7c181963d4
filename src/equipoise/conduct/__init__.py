"""What happens in a trial: the acts, what is allowed when, and everything that is known from them."""
