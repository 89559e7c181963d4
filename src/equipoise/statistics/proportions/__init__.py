"""Proportions: one, two, stratified and adjusted; score, exact and conditional methods."""
