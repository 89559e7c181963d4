"""`equipoise seal`: draw the allocation list and seal it in the same breath, on a machine that is not the server."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Final

import click

from equipoise.cli.cards import card_files
from equipoise.cli.ceremony import (
    forget_on_crash,
    load_protocol,
    load_public,
    read_bytes,
    refuse_existing,
    saying_problems,
    stop,
    write_folder,
)
from equipoise.cli.plan import Plan, plan_of
from equipoise.cli.sheets import instruction
from equipoise.cli.terminal import Steps, print_problems
from equipoise.envelopes import Ceremony, RoleKey, hold, problem
from equipoise.items import Problem
from equipoise.protocol.load import digest
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import operating_system
from equipoise.reports.typeset import chinese_font

FILE = click.Path(path_type=Path, dir_okay=False)
NOBODY: Final = "not named · 未登记"
OF_A_DEPLOYMENT: Final = ("DEMO", "equipoise.sqlite3", "allocator.sqlite3")
LINE: Final = re.compile(r"(?:(escrow|keeper)\s+(.+)|recipient\s+(.+?)(?:\s+site\s+(\S+))?)")
SERVES: Final = ("EQUIPOISE_HOME", "EQUIPOISE_DATABASE", "EQUIPOISE_ALLOCATOR", "EQUIPOISE_DEMO")


@click.command()
@click.argument("protocol", type=FILE)
@click.option(
    "--recipients", type=FILE, required=True,
    help="Who can open: a line 'recipient FILE', 'recipient FILE site SITE', 'escrow FILE' or 'keeper FILE' each.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A new folder, written whole or not at all."
)
@click.option(
    "--buffer", type=click.IntRange(min=0), default=0, show_default=True, help="Slots to add to each stratum."
)
@click.option("--by", multiple=True, help="Who is present, for the transcript; repeatable.")
def seal(protocol: Path, recipients: Path, out: Path, buffer: int, by: tuple[str, ...]) -> None:
    """Draw the list of PROTOCOL from its restricted specification and seal it, with cards, escrow and commitment.

    Run it on a machine of its own that is offline, with two people present. There is no seed: the list comes from the
    operating system's entropy, is never written down, and is gone from memory when the command ends.
    """
    forget_on_crash()
    refuse_deployment(out, os.environ)
    refuse_existing(out)
    with saying_problems() as console:
        steps, present = Steps(console), by or (NOBODY,)
        found, named = load_protocol(protocol), load_recipients(recipients)
        keys, holders = named.recipients, named.holders
        sure_of_roles(found, [*keys, *named.keepers])
        planned = plan_of(found, protocol.parent, buffer, named.keepers)
        print_problems(console, _warnings(found, planned, named, present))
        with steps.step("the list, drawn and sealed"):
            plan, seed = planned.draw(operating_system)
            held = hold(found.id, plan, keys, holders, operating_system, protocol=digest(found), seed=seed)
            plan.clear()
        write_ceremony(steps, held, out, [*keys, *holders, *named.keepers], present, read_bytes(protocol))
        console.print(f"\ncommitment {held.sealed.commitment}\n{out}: part the folders now, as transcript.txt says.")


def refuse_deployment(out: Path, environment: Mapping[str, str]) -> None:
    """End with the reason if this is where trials are served, or a demonstration."""
    places = [Path.cwd(), out.absolute().parent, out]
    there = [place / name for place in places for name in OF_A_DEPLOYMENT if (place / name).exists()]
    if there or any(environment.get(name) for name in SERVES):
        stop(problem("envelopes.E052", str(there[0]) if there else "environment"))


@dataclass(frozen=True, slots=True)
class Named:
    """Who can open what a ceremony seals: the list's recipients, the escrow key's holders, the allocator's keepers."""

    recipients: list[RoleKey]
    holders: list[RoleKey]
    keepers: tuple[RoleKey, ...]


def load_recipients(file: Path) -> Named:
    """The public keys in the files that a file of recipients names beside it, bound to a site where it says so."""
    named: dict[str, list[RoleKey]] = {"recipient": [], "escrow": [], "keeper": []}
    for number, line in enumerate(read_bytes(file).decode("utf-8", "replace").splitlines(), start=1):
        said = line.partition("#")[0].strip()
        read = LINE.fullmatch(said)
        if read is not None:
            kind, name, site = read[1] or "recipient", read[2] or read[3], read[4] or ""
            named[kind].append(replace(load_public(file.parent / name), site=site))
        elif said:
            stop(problem("envelopes.E053", f"{file}:{number}", line=line.strip()))
    return Named(named["recipient"], named["escrow"], tuple(named["keeper"]))


def sure_of_roles(protocol: Protocol, keys: Sequence[RoleKey]) -> None:
    """End with the reason if a recipient is no unmasked role of the protocol, or one of all sites and bound to one."""
    unmasked = protocol.list_recipients
    if strangers := [key for key in keys if key.role not in unmasked]:
        stop(*(problem("envelopes.E007", key.recipient, role=key.role, roles=", ".join(unmasked)) for key in strangers))
    if everywhere := [key for key in keys if key.site and protocol.role_by_id[key.role].scope == "study"]:
        stop(*(problem("envelopes.E102", key.recipient, role=key.role, site=key.site) for key in everywhere))


def _warnings(protocol: Protocol, planned: Plan, named: Named, present: Sequence[str]) -> list[Problem]:
    found = list(_too_few(protocol, named.recipients))
    if named.recipients and all(key.site for key in named.recipients):
        found.append(problem("envelopes.W011", "recipients"))
    if len(named.keepers) == 1:
        found.append(problem("envelopes.W006", "recipients"))
    if planned.slots < protocol.study.participants:
        counts = {"slots": str(planned.slots), "participants": str(protocol.study.participants)}
        found.append(problem("envelopes.W002", "strata", **counts))
    if len(set(present)) < 2:
        found.append(problem("envelopes.W003", "transcript"))
    return found if chinese_font() else [*found, problem("envelopes.W004", "cards")]


def _too_few(protocol: Protocol, recipients: Sequence[RoleKey]) -> Iterator[Problem]:
    """Warnings for each role that prepares doses with fewer than two keys: at a site, where its keys are bound."""
    for role in (role.id for role in protocol.roles if "dispense" in role.may):
        sites = [key.site for key in recipients if key.role == role]
        if not any(sites) and len(sites) < 2:
            yield problem("envelopes.W001", "recipients", role=role)
        for site in (site.id for site in protocol.sites if any(sites)):
            if sites.count("") + sites.count(site) < 2:
                yield problem("envelopes.W010", f"site {site}", role=role, site=site)


def write_ceremony(
    steps: Steps, held: Ceremony, out: Path, keys: Sequence[RoleKey], present: Sequence[str], protocol: bytes
) -> None:
    """Typeset the cards and write everything, with its transcript. The protocol goes beside each copy of the list."""
    with steps.step("the cards and instructions, typeset"):
        cards = card_files(held.sealed.study, held.cards)
        page = instruction(held.sealed.study)
    sites = {name.rpartition("/")[0] for name in cards}
    places = {"web-host", *sites}
    listed = held.files["web-host/sealed-list.json"]
    copies = {f"{place}/sealed-list.json": listed for place in places}
    papers = {**cards, **{f"{site}/code-break-instructions.pdf": page for site in sites}}
    files = {**held.files, **copies, **{f"{place}/protocol.yaml": protocol for place in places}, **papers}
    with steps.step("the folder, written"):
        write_folder(out, {**files, "transcript.txt": transcript(held, files, keys, present).encode()})


def transcript(held: Ceremony, files: Mapping[str, bytes], keys: Sequence[RoleKey], present: Sequence[str]) -> str:
    """Who, when, with what program, for whom, and the digest of every file: nothing of arms, blocks or order."""
    sealed = held.sealed
    everybody = [*keys, held.escrow]
    return _TRANSCRIPT.format(
        study=sealed.study, version=sealed.version, commitment=sealed.commitment, present=", ".join(present),
        at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", program=version_of("equipoise"),
        strata="\n".join(f"{count:6}  {stratum}" for stratum, count in held.strata.items()),
        keys="\n".join(f"{key.fingerprint}  {key.recipient}{_bound(key)}" for key in everybody),
        files="\n".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)),
    )  # fmt: skip


def _bound(key: RoleKey) -> str:
    return f"  site {key.site}" if key.site else ""


_TRANSCRIPT: Final = """\
Transcript of sealing an allocation list · 随机分配表封存记录

study        {study}
version      {version}
at           {at}
present      {present}
program      equipoise {program}
commitment   {commitment}

Slots of each stratum
{strata}

Fingerprints of the keys, compared aloud; the last is the escrow key's
{keys}

SHA-256 of every file
{files}

Where they go, at once and by different hands · 立即由不同人员分别转交
web-host     to the server of the trial; anybody may have it · 交研究服务器
allocator    to the operator of the allocator's database, and nobody else · 仅交分配器运维人员
sites        the cards to each site, folded and sealed; instructions, list and protocol go with them · 交各中心
escrow       one share to each holder; the copy of the second locks to all three · 交三位托管人
publish      to the registry or the ethics file before the first participant · 首例随机前公布
Then wipe the machine. · 随后彻底清除本机数据。

Signatures · 签名：
"""
