"""Means: two samples, analysis of covariance, and repeated measures (MMRM)."""
