"""`equipoise backup`: a copy of a deployment's database, made while it works, that was opened and verified."""

import shutil
from importlib.metadata import version
from pathlib import Path

import click

from equipoise.cli.ceremony import sure
from equipoise.cli.copies import MANIFEST, Of, make_copy
from equipoise.cli.deployment import prepare


@click.command()
@click.option("--home", type=click.Path(path_type=Path, exists=True), required=True, help="The deployment.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where copies are kept.")
@click.option(
    "--of",
    type=click.Choice(["main", "allocator"]),
    default="main",
    show_default=True,
    help="Which database: the ledger's, or the allocator's. Keep the two apart.",
)
@click.option("--keep", type=click.IntRange(min=1), help="Remove verified copies beyond so many, the oldest first.")
def backup(home: Path, out: Path, of: Of, keep: int | None) -> None:
    """Copy a database while people work, open the copy, and verify it. Only what was verified counts.

    The ledger's copy is replayed from its first act. No copy holds an arm; the ledger's and the allocator's belong to
    different people in different places all the same, because together they are both locks.
    """
    prepare(home, demo=False)
    from django.conf import settings

    database = settings.DATABASES["default" if of == "main" else "allocator"]
    folder, manifest = sure(make_copy(of, database, out, version=version("equipoise")))
    for each in manifest.found:
        click.echo("  ".join(f"{name} {value}" for name, value in each.items()))
    click.echo(f"{folder}  sha256 {manifest.sha256}")
    for old in _beyond(out, of, keep):
        shutil.rmtree(old)
        click.echo(f"removed {old}")


def _beyond(out: Path, of: Of, keep: int | None) -> list[Path]:
    """The verified copies of a database beyond the newest so many; the time stands in their names."""
    copies = sorted(folder for folder in out.glob(f"{of}-*") if (folder / MANIFEST).is_file())
    return copies[:-keep] if keep else []
