"""The allocator: which slot of the sealed list is next, once, and the second lock of each envelope.

It lives in its own database (alias `allocator`), with its own backups and, in production, its own operator: whoever
copies the main database finds envelopes here without locks, and whoever copies this one finds locks without
envelopes. `equipoise.allocator.door` is the only way in; import it once Django is set up.
"""
