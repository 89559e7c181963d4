"""Design: sample sizes, group-sequential boundaries and their analysis."""
