"""`equipoise restore`: put a verified copy where there is no database, and say what comes before work goes on."""

from pathlib import Path

import click

from equipoise.cli.ceremony import stop, sure
from equipoise.cli.copies import obstacle, opened, put_back, read_copy
from equipoise.cli.deployment import migrate, prepare


@click.command()
@click.argument("copy", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--home", type=click.Path(path_type=Path), required=True, help="The deployment to restore into.")
def restore(copy: Path, home: Path) -> None:
    """Restore the verified COPY of a database into a deployment that has none. Nothing is overwritten.

    What was recorded after the copy is gone, and the ledger may not know everybody who was randomised: until
    `equipoise reconcile` has compared it with the allocator, nobody is randomised.
    """
    prepare(home, demo=False)
    from django.conf import settings

    file, manifest = sure(read_copy(copy))
    name = "default" if manifest.of == "main" else "allocator"
    database = settings.DATABASES[name]
    if wrong := obstacle(file, database):
        stop(wrong)
    holds = sure(opened(manifest.of, file, database))
    if wrong := put_back(file, database):
        stop(wrong)
    migrate(name)
    for each in holds:
        click.echo("  ".join(f"{name} {value}" for name, value in each.items()))
    click.echo(f"Restored what was there at {manifest.made}. Compare the heads with the last ones that were printed.")
    for each in holds:
        click.echo(f"Before anybody is randomised: equipoise reconcile {each['study']} --home {home} --by NAME")
