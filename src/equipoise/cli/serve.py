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
def serve(home: Path, host: str, port: int) -> None:
    """Serve the pages of a deployment until Ctrl-C."""
    prepare(home, demo=False)
    migrate()
    run_server(host, port)


def run_server(host: str, port: int) -> None:
    """Serve until interrupted. The settings must have been prepared."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if not settings.SECRET_KEY:
        click.echo("Set EQUIPOISE_SECRET: outside demo mode there is no default key.", err=True)
        sys.exit(1)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "false")
    Granian(
        "equipoise.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip
