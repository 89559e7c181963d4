"""The command line: every command starts here, and loads what it needs only when it is called."""

from equipoise.cli.main import main

__all__ = ["main"]
