"""`equipoise interim`: looks at the data while the trial runs, for the data monitoring committee.

On the server of the trial: ask for a look, write its open report, release it to the independent statistician, record
the recommendation. On the statistician's own machine: make the closed report. On that of a member: read it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final, get_args

import click

from equipoise.cli.ceremony import (
    load_private,
    load_public,
    read_bytes,
    refuse_existing,
    saying_problems,
    stop,
    sure,
    write_folder,
    write_new,
)
from equipoise.cli.deployment import prepare
from equipoise.conduct.acts import Person, Recommendation
from equipoise.conduct.cut import Cut, up_to
from equipoise.conduct.fold import fold
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.snapshot import Snapshot
from equipoise.envelopes import REPORT_BYTES, SMALL_BYTES, PrivateKey, RoleKey, problem, read_archive, seal_archive
from equipoise.items import Problem, unknown
from equipoise.randomisation import operating_system, seeded, shuffled

if TYPE_CHECKING:
    from equipoise.desk import Desk
    from equipoise.ledger.look_package import LookPackage
    from equipoise.protocol.monitoring import Look, Monitoring
    from equipoise.protocol.schema import Protocol
    from equipoise.reports import Provenance

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
CLOSED: Final = "closed-report.sealed"
LETTERS: Final = "arm-letters.sealed"


def on_the_server(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that works on a deployment."""
    home = click.option(
        "--home", type=click.Path(path_type=Path, exists=True), default=Path("demo-out"), show_default=True
    )
    study = click.option("--study", default="", help="Which study, where the deployment has several.")
    return home(study(command))


class CutType(click.ParamType[Cut]):
    """The number of an act, or a day."""

    name = "act or day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Cut:
        text = str(value)
        try:
            return int(text) if text.isdecimal() else date.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is neither the number of an act nor a day such as 2026-05-31", param, ctx)


PASSPHRASE = click.option(
    "--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise."
)
CUT = click.option("--cut", type=CutType(), help="The last act or day that is seen (default: everything so far).")
BY = click.option("--by", required=True, help="Who acts, as their name is to stand in the ledger.")


@click.group()
def interim() -> None:
    """Hold the planned looks at the data: open report, closed report for the committee, recommendation."""


@interim.command()
@click.argument("look")
@on_the_server
@BY
def request(look: str, home: Path, study: str, by: str) -> None:
    """Record that the committee asks for LOOK. Its chair does this."""
    desk, plan = _at_work(home, study)
    _planned(plan, look)
    _recorded(desk.request_look(look, by=_person(by, plan.chair), key=token_hex(16)))


@interim.command("open")
@click.argument("look")
@on_the_server
@CUT
@click.option("--out", type=FOLDER, required=True, help="A new folder for the report.")
def open_report(look: str, home: Path, study: str, cut: Cut | None, out: Path) -> None:
    """Write the open report of LOOK: the whole trial in one group. It needs no key, and holds no arm.

    Without --cut it is of the cut at which the look was released, or of everything so far.
    """
    desk, plan = _at_work(home, study)
    planned = _planned(plan, look)
    refuse_existing(out)
    from equipoise.reports.look_facts import Occasion
    from equipoise.reports.look_files import open_files

    state = desk.ledger.snapshot().looks.get(look)
    acts = tuple(up_to(desk.ledger.acts(), cut if cut is not None else (state.cut if state else 0) or None))
    if not acts:
        stop(Problem("command.E033", look, "Nothing was recorded by this cut.", "Choose a later act or day."))
    seen = fold(desk.ledger.study, desk.protocol, acts)
    occasion = Occasion(planned, acts[-1].at.date())
    write_folder(out, open_files(seen, desk.protocol, occasion, _provenance(seen)))
    click.echo(f"cut            act {seen.acts}, {acts[-1].at.date()}, ledger {seen.head[:16]}")
    click.echo(f"open report    {out / 'open.html'}")


@interim.command()
@click.argument("look")
@on_the_server
@CUT
@BY
@click.option("--key", type=FILE, required=True, help="The statistician's public key, for which the list was sealed.")
@click.option("--out", type=FILE, required=True, help="A new file for the package.")
def release(look: str, home: Path, study: str, cut: Cut | None, by: str, key: Path, out: Path) -> None:
    """Release LOOK, which was asked for, to the independent statistician: the package only their key opens.

    The act stands before anything is given. Asked again with the same key, it is the package of the same cut.
    """
    desk, plan = _at_work(home, study)
    _planned(plan, look)
    if out.exists():
        stop(problem("envelopes.E051", str(out)))
    from equipoise.desk.looks import hold_look

    package = hold_look(
        desk, look, to=load_public(key), cut=cut, by=_person(by, plan.statistician), key=f"look-{look}",
        random=operating_system,
    )  # fmt: skip
    if isinstance(package, Refused):
        stop(*package.problems)
    write_new(out, package)
    state = desk.ledger.snapshot().looks[look]
    click.echo(f"cut            act {state.cut}")
    click.echo(f"package        {out}, {len(package):,} bytes, for the holder of {key} alone")


@interim.command()
@click.argument("package", type=FILE)
@click.option("--key", type=FILE, required=True, help="The statistician's private key.")
@click.option("--to", "members", type=FILE, multiple=True, required=True, help="A member's public key; repeat it.")
@click.option(
    "--arms", type=click.Choice(["coded", "named"]), default="coded", show_default=True,
    help="Letters for arms, with the key of the letters in a file apart; or arms by name.",
)  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="A new folder for the sealed files.")
@PASSPHRASE
def closed(
    package: Path, key: Path, members: tuple[Path, ...], arms: str, out: Path, passphrase_file: Path | None
) -> None:
    """Make the closed report of a look from its PACKAGE, sealed for the members of the committee.

    For the independent statistician, on a machine of their own: no server is needed, and nothing by arm is written or
    printed that is not sealed.
    """
    refuse_existing(out)
    recipients = [load_public(file) for file in members]
    from equipoise.ledger.look_package import read_package

    with saying_problems():
        private = load_private(key, passphrase_file)
        taken = sure(read_package(read_bytes(package), private), package)
        _sure_of_members(taken.protocol, recipients)
        report, letters = _closed_files(taken, private, coded=arms == "coded")
        sealed = {CLOSED: _sealed_for(recipients, taken, report, REPORT_BYTES)}
        if letters:
            sealed[LETTERS] = _sealed_for(recipients, taken, letters, SMALL_BYTES)
    write_folder(out, sealed)
    for name, content in sealed.items():
        click.echo(f"{out / name}  {len(content):,} bytes, for {', '.join(each.recipient for each in recipients)}")


@interim.command()
@click.argument("report", type=FILE)
@click.option("--key", type=FILE, required=True, help="Your private key.")
@click.option("--out", type=FOLDER, required=True, help="A new folder that only you can read.")
@PASSPHRASE
def read(report: Path, key: Path, out: Path, passphrase_file: Path | None) -> None:
    """Open a sealed REPORT with your private key. For members of the committee."""
    refuse_existing(out)
    look, files = sure(read_archive(read_bytes(report), load_private(key, passphrase_file)), report)
    write_folder(out, files)
    click.echo(f"look           {look}")
    for name in sorted(files):
        if name.endswith((".html", ".pdf")):
            click.echo(f"               {out / name}")


@interim.command()
@click.argument("look")
@click.argument("recommendation", type=click.Choice(get_args(Recommendation)))
@on_the_server
@BY
def recommend(look: str, recommendation: str, home: Path, study: str, by: str) -> None:
    """Record the chair's RECOMMENDATION after LOOK: one of a few words, no reason and no result."""
    desk, plan = _at_work(home, study)
    _planned(plan, look)
    _recorded(desk.recommend(look, recommendation, by=_person(by, plan.chair), key=token_hex(16)))


# --- What the commands share ----------------------------------------------------------------------------------------


def _at_work(home: Path, study: str) -> "tuple[Desk, Monitoring]":
    """The desk of a study of this deployment and its plan of looks, or an end with the reason."""
    prepare(home, demo=False)
    from equipoise.web.deployment import desk, studies

    here = studies()
    if not study and len(here) != 1:
        stop(Problem("command.E030", str(home), f"There are {len(here)} studies here.", f"Give --study: {_or(here)}."))
    try:
        found = desk(study or here[0])
    except LookupError:
        stop(Problem("command.E030", str(home), unknown("study", study, here), f"The studies here are {_or(here)}."))
    if found.protocol.monitoring is None:
        message = f"The protocol of {found.ledger.study} plans no looks."
        stop(Problem("command.E031", found.ledger.study, message, "Looks stand under `monitoring` in the protocol."))
    return found, found.protocol.monitoring


def _planned(plan: "Monitoring", look: str) -> "Look":
    if look not in plan.look_by_id:
        known = plan.look_by_id
        stop(Problem("command.E031", look, unknown("look", look, known), f"The looks planned are {_or(known)}."))
    return plan.look_by_id[look]


def _or(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _person(name: str, role: str) -> Person:
    return Person(name, role)


def _recorded(outcome: Outcome) -> None:
    """Say what was recorded, or stop with the reasons."""
    if isinstance(outcome, Refused):
        stop(*outcome.problems)
    for each in outcome.acts:
        click.echo(
            f"recorded       act {each.sequence} {each.act.kind}{' (was there already)' if outcome.again else ''}"
        )


def _sure_of_members(protocol: "Protocol", recipients: Sequence[RoleKey]) -> None:
    """End with the reason if somebody named does not receive closed reports."""
    plan = protocol.monitoring
    roles = {*plan.closed_report_to, plan.chair} if plan is not None else set()
    if strangers := [each.recipient for each in recipients if each.role not in roles]:
        message = f"{', '.join(strangers)}: not a role that receives closed reports."
        stop(Problem("command.E032", "--to", message, f"The protocol names {_or(sorted(roles))}."))


def _closed_files(taken: "LookPackage", key: PrivateKey, *, coded: bool) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The closed report by file, and the key of the letters.

    Which arm has which letter comes from the statistician's key: nobody else knows, and it stays from look to look.
    """
    from equipoise.analysis.coded import letters
    from equipoise.reports.look_facts import Occasion
    from equipoise.reports.look_files import closed_files

    source = seeded(key.secret, taken.sealed.study, "the letters of the arms")
    drawn = letters(shuffled([arm.id for arm in taken.protocol.arms], source)) if coded else None
    occasion = Occasion(taken.look, taken.day)
    return closed_files(taken.opened(key), taken.protocol, occasion, _provenance(taken.snapshot), drawn)


def _sealed_for(recipients: Sequence[RoleKey], taken: "LookPackage", files: Mapping[str, bytes], least: int) -> bytes:
    return seal_archive(
        taken.sealed.study, taken.look.id, files, recipients, operating_system, least=least, demo=taken.sealed.demo
    )


def _provenance(seen: Snapshot) -> "Provenance":
    from equipoise.reports import Provenance

    return Provenance(protocol_digest=seen.protocol, ledger_head=seen.head, acts=seen.acts)
