"""Times to events: curves, log-rank tests, proportional hazards, competing and recurrent events."""
