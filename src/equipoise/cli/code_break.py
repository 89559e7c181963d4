"""`equipoise code-break`: an emergency on the site's own computer, with card and release, when the server is down."""

from pathlib import Path

import click

from equipoise.cli.ceremony import load_list, saying_problems, sure
from equipoise.cli.envelope import FILE, say_arm
from equipoise.envelopes import Code, open_broken, read_code


@click.command("code-break")
@click.option("--list", "listed", type=FILE, required=True, help="The site's copy of the sealed list.")
@click.option("--card", prompt="Code on the card", help="The code on the card, typed or scanned.")
@click.option("--release", prompt="Code of the release", help="The release, as the holder on call reads it out.")
@click.option(
    "--protocol", type=FILE, help="For the names of arm and product (default: protocol.yaml beside the list)."
)
def code_break(listed: Path, card: str, release: str, protocol: Path | None) -> None:
    """Break the code of one participant with the card from the site and the release. No key and no server is needed.

    The holder on call reads the release over the telephone. Report it as soon as the server is back, on the
    participant's page: "Report a suspected unmasking", then "Code break without the server".
    """
    with saying_problems() as console:
        sealed = load_list(listed)
        secret, half = sure(read_code(card, Code.CARD)), sure(read_code(release, Code.RELEASE))
        opened = open_broken(sealed, secret, half)
        say_arm(console, opened.slot, opened.arm, protocol or listed.with_name("protocol.yaml"))
