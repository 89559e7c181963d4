"""The commands, listed; each lives in a module of its own name and is loaded when it is called."""

import os
from importlib import import_module
from typing import Final

import click

# The matrices of a trial are small: threads of the linear algebra wait for one another longer than they work (five
# times the time of `analyse` on two busy cores), and how they share a sum changes its last digit from run to run.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS: Final = {
    "allocator": "Unlock the allocator of a study: its draws, or the choosing of its kits.",
    "analyse": "Analyse a ledger and write the tables, listings, figures and the report.",
    "backup": "Copy a database while people work, and verify the copy.",
    "check": "Say everything that is wrong with a protocol file, or explain it.",
    "code-break": "Break the code of one participant in an emergency, without a server.",
    "demo": "Run the reference trial from protocol to report on simulated participants.",
    "draft": "Draft a protocol file from a registry record.",
    "envelope": "Open one envelope of a sealed list, without a server.",
    "escrow": "Check the shares of the escrow key, and use two of them when keys or stores are lost.",
    "interim": "Hold the planned looks: open and closed report, recommendation.",
    "keys": "Make, show and check the keys of the unmasked roles.",
    "kits": "Plan the supply in kits, pack and seal a lot, and load it on its servers.",
    "load": "Load the sealed list and the second locks of a study.",
    "open": "Open the whole list after the lock, with a quorum, and verify it.",
    "pharmacy": "Open the pharmacy's sealed register, without a server.",
    "randomisation": "Choose a procedure of randomisation for a protocol.",
    "reconcile": "Compare a restored ledger with the allocator before anybody is randomised.",
    "restore": "Put a verified copy where there is no database.",
    "score": "Score one patient or a table of them with an instrument.",
    "seal": "Draw the allocation list and seal it, with cards, escrow and commitment.",
    "serve": "Serve the pages of a deployment.",
    "simulate": "Simulate a trial many times before it starts.",
    "study": "Open a study under its protocol, and its sites for screening.",
    "tables": "Let the server work as a user who owns no table.",
    "user": "Invite people to roles, and end roles and accounts.",
    "validate": "Run cases that others computed and compare.",
    "verify": "Replay the ledger and compare everything that can be compared.",
}


class Commands(click.Group):
    """Commands by name; a wrong name is answered with the one probably meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        command: click.Command = getattr(import_module(f"equipoise.cli.{module}"), module)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from equipoise.items import unknown

            ctx.fail(unknown("command", args[0], COMMANDS))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="equipoise")
def main() -> None:
    """Equipoise runs a randomised, masked clinical trial from one protocol file and one ledger of signed acts."""
