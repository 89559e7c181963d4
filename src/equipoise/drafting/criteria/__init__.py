"""Criteria of eligibility: split into entries, and turned into rules where their words leave no doubt.

A rule that is wrong harms a participant; a criterion left as text costs a minute. So each reader below accepts a whole
phrase with one meaning or nothing at all, and a word that turns a meaning round ("unless", "other than") sends the
criterion back to a person.
"""
