"""`equipoise user`: who is invited to which role, who has which, and who has one no more."""

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.ceremony import stop
from equipoise.cli.deployment import migrate, prepare
from equipoise.cli.load import BY, HOME, administrator, desk_of
from equipoise.conduct.outcome import Outcome, Refused

if TYPE_CHECKING:
    from equipoise.accounts.invitations import Link
    from equipoise.accounts.models import Account
    from equipoise.conduct.delegation import Grant
    from equipoise.desk import Desk

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def user() -> None:
    """Invite people to roles, list who has which, and end roles and accounts.

    There are no accounts but those made here, and nobody knows a password but its owner.
    """


@user.command()
@click.argument("email")
@click.option("--name", help="The name as it is printed beside signatures; needed the first time.")
@click.option("--study", help="The study's id.")
@click.option("--role", help="A role of its protocol.")
@click.option("--site", default="", help="The site, for a role of a site.")
@click.option("--start", type=DAY, help="The first day of the role; today unless given.")
@click.option("--until", type=DAY, help="The last day of the role.")
@click.option("--at", "address", help="Where people reach the pages, such as https://trial.example.org.")
@HOME
@BY
def invite(
    email: str, name: str | None, study: str | None, role: str | None, site: str, start: datetime | None,
    until: datetime | None, address: str | None, home: Path, by: str,
) -> None:  # fmt: skip
    """Give EMAIL a role in a study, and a link to set up their account.

    Somebody who has signed in before keeps their factors and needs no link. Without --study it is a new link for
    somebody who lost phone and passkey: satisfy yourself first that it is them.
    """
    prepare(home, demo=False)
    migrate()
    from equipoise.accounts import invitations
    from equipoise.desk import delegation

    person = _account(email, name)
    if study is not None:
        if role is None:
            raise click.UsageError("A study needs a role: --role.")
        desk = desk_of(study)
        first, last = start.date() if start else datetime.now(UTC).date(), until.date() if until else None
        outcome = delegation.grant_role(
            desk, person.person, person.name, role, site, start=first, end=last, by=administrator(desk.protocol, by),
            key=secrets.token_hex(16),
        )  # fmt: skip
        click.echo(f"{person.name} ({person.person}) has the role {role} in {study}. {_act(outcome)}")
    if study is None or person.last_login is None:
        _hand_over(invitations.invite(person), address)


def _account(email: str, name: str | None) -> "Account":
    from equipoise.accounts import invitations
    from equipoise.accounts.models import Account

    known = Account.objects.filter(email=email.strip().casefold()).first()
    if known is not None and not known.is_active:
        raise click.ClickException(f"The account of {email} was ended and is not used again.")
    if known is not None and name not in (None, known.name):
        known.name = str(name)
        known.save(update_fields=["name"])
    if known is None and not name:
        raise click.UsageError(f"{email} is new here: say --name, as it is printed beside signatures.")
    return known or invitations.account_for(email, str(name))


def _hand_over(link: "Link", address: str | None) -> None:
    """Mail the link where there is a mail server; otherwise print it."""
    from django.conf import settings
    from django.core.mail import send_mail
    from django.urls import reverse

    host = next((name for name in settings.ALLOWED_HOSTS if name not in ("127.0.0.1", "localhost")), "localhost")
    place = (address or f"https://{host}").rstrip("/")
    written = place + reverse("invitation", args=[link.token])
    if settings.MAILS:
        send_mail(
            SUBJECT, MAIL.format(link=written, until=f"{link.expires_at:%Y-%m-%d %H:%M}"), None, [link.account.email]
        )
        click.echo(f"The invitation went to {link.account.email}.")
        return
    click.echo(f"Hand this link to {link.account.name} and nobody else. It is good once, until", nl=False)
    click.echo(f" {link.expires_at:%Y-%m-%d %H:%M} UTC:")
    click.echo(f"    {written}")


SUBJECT = "Equipoise: set up your account / 请设置您的账户"
MAIL = """Set up how you sign in. The link is good once, until {until} UTC:
请设置您的登录方式。本链接仅可使用一次，有效期至 {until} UTC：

    {link}
"""


@user.command("list")
@HOME
def list_(home: Path) -> None:
    """List the accounts: how they sign in, when they last did, and their roles."""
    prepare(home, demo=False)
    migrate()
    from equipoise.accounts.models import Account

    roles = dict(_roles())
    for account in Account.objects.order_by("email"):
        state = "" if account.is_active else ", ended"
        seen = f"last signed in {account.last_login:%Y-%m-%d %H:%M}" if account.last_login else "never signed in"
        click.echo(f"{account.email}  {account.name}  {account.person}  {_factors(account)}, {seen}{state}")
        for study, grant in roles.get(account.person, []):
            click.echo(f"    {study}: {_line(grant)}")


def _factors(account: "Account") -> str:
    from equipoise.accounts import factors

    keys = len(factors.passkeys(account))
    return f"{keys} passkey{'' if keys == 1 else 's'}, {'password and app' if factors.has_app(account) else 'no app'}"


def _line(grant: "Grant") -> str:
    where = f" at {grant.site}" if grant.site else ""
    last: date | str = grant.end or "further notice"
    state = "ended" if grant.ended else "taken up" if grant.accepted else "not taken up"
    return f"{grant.role}{where}, {grant.start} until {last}, {state}"


def _desks() -> "Iterator[tuple[str, Desk]]":
    from equipoise.web import deployment

    return ((study, deployment.desk(study)) for study in deployment.studies())


def _roles() -> "Iterator[tuple[str, list[tuple[str, Grant]]]]":
    """Every grant of every study, by person."""
    everywhere = [(study, grant) for study, desk in _desks() for grant in desk.ledger.snapshot().grants]
    for person in dict.fromkeys(grant.person for _, grant in everywhere):
        yield person, [(study, grant) for study, grant in everywhere if grant.person == person]


@user.command()
@click.argument("email")
@click.option("--study", help="End only the roles in this study.")
@click.option("--role", help="End only this role.")
@click.option("--reason", required=True, help="Why, for the ledger.")
@HOME
@BY
def end(email: str, study: str | None, role: str | None, reason: str, home: Path, by: str) -> None:
    """End roles of EMAIL; without --study and --role every role, the account, and every session of theirs, at once."""
    prepare(home, demo=False)
    migrate()
    from equipoise.accounts.models import Account
    from equipoise.desk import delegation

    account = Account.objects.filter(email=email.strip().casefold()).first()
    if account is None:
        raise click.ClickException(f"There is no account of {email}.")
    for where, desk in _desks():
        for grant in desk.ledger.snapshot().grants:
            chosen = study in (None, where) and role in (None, grant.role)
            if grant.person == account.person and not grant.ended and chosen:
                done = delegation.end_role(
                    desk, grant.person, grant.role, grant.site, by=administrator(desk.protocol, by),
                    key=secrets.token_hex(16), reason=reason,
                )  # fmt: skip
                click.echo(f"{where}: {account.name} is no longer {grant.role}. {_act(done)}")
    if study is None and role is None:
        account.is_active = False
        account.save(update_fields=["is_active"])
        account.end_sessions()
        click.echo(f"The account of {account.email} has ended. Its id {account.person} is never used again.")


def _act(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        stop(*outcome.problems)
    return f"Act {outcome.acts[0].sequence}."
