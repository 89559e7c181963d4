"""Designing a trial: thousands of simulated trials at the level of their analysis rows, compiled; the fast road.

The full road (`simulation.staff`) acts a trial out. Both give the same rows and the same estimates for the same
participants; tests prove it.
"""
