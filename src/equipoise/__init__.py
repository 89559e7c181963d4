"""Equipoise: a trial is one protocol file and one append-only ledger of signed acts."""
