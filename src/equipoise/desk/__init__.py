"""The desk: what people do in a trial, one function each, for pages and virtual staff alike."""

from equipoise.desk.desk import Desk, Done, Outcome, Refused
from equipoise.desk.telling_words import telling_words

__all__ = ["Desk", "Done", "Outcome", "Refused", "telling_words"]
