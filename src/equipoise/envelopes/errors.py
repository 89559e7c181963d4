"""What is wrong with an envelope, and with which one."""

from equipoise.envelopes.messages import problem


class SealError(Exception):
    """A list cannot be sealed, or an envelope is not what was sealed.

    Carries the problem; `slot` is the label of the envelope concerned, "" where it is the whole list.
    """

    def __init__(self, identifier: str, *, slot: str = "", **params: str) -> None:
        self.problem = problem(identifier, slot or "list", **params)
        self.slot = slot
        super().__init__(str(self.problem))
