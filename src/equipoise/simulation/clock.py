"""A clock that only moves when it is told to."""

from datetime import datetime, timedelta


class VirtualClock:
    """The time in a simulated trial. It never goes back."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The present moment of the simulation."""
        return self.now

    def reach(self, moment: datetime) -> None:
        """Move on to a moment, unless it has passed."""
        self.now = max(self.now, moment)

    def pass_(self, seconds: float) -> None:
        """Let some time pass."""
        self.now += timedelta(seconds=seconds)
