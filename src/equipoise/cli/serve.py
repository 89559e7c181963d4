"""`equipoise serve`: the pages of a deployment."""

import os
import sys
from pathlib import Path

import click

from equipoise.cli.deployment import migrate, prepare


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path("demo-out"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 32), default=1, show_default=True, help="Processes.")
@click.option("--check", is_flag=True, help="Say what stands against serving, and serve nothing.")
def serve(home: Path, host: str, port: int, workers: int, check: bool) -> None:
    """Serve the pages of a deployment until Ctrl-C.

    Outside a demonstration it refuses to start on a setting that is not safe, and names each.
    """
    os.environ["EQUIPOISE_WORKERS"] = str(workers)
    prepare(home, demo=False)
    migrate()
    _refuse_what_is_not_safe()
    if check:
        click.echo("Nothing stands against serving.")
        return
    run_server(host, port, workers)


def _refuse_what_is_not_safe() -> None:
    """Say each thing that stands against serving, and end."""
    from django.core.checks import run_checks
    from django.db import connections

    asked = run_checks(include_deployment_checks=True, databases=list(connections))
    found = [each for each in asked if each.is_serious()]
    for each in found:
        click.echo(f"{each.id}: {each.msg}\n    {each.hint}", err=True)
    if found:
        sys.exit(1)


def run_server(host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted. The settings must have been prepared."""
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    call_command("clearsessions")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "false")
    Granian(
        "equipoise.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip
