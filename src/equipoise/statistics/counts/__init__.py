"""Counts and rates: exact Poisson limits, Poisson and negative binomial regression."""
