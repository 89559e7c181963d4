"""The ledger: the acts of every trial, added by one function, chained by hashes, never changed."""
