"""What must not be before a deployment is served: each refusal with its id, and what to do about it.

`equipoise serve` asks these before it opens a port, and ends if any speaks; `equipoise serve --check` only asks.
"""

import os
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from equipoise.ledger.models import Study

PRODUCTION: Final = "production"
_SHORTEST: Final = 50  # letters of a secret
_LOCAL: Final = {"127.0.0.1", "localhost", "[::1]", "testserver"}


def safe_to_serve(**_: Any) -> list[CheckMessage]:
    """Everything that stands against serving this deployment, given as many workers as EQUIPOISE_WORKERS says."""
    checks = (_debug, _workers, _open_door) if settings.DEMO else (_debug, _workers, *_OUTSIDE_A_DEMONSTRATION)
    return [found for check in checks for found in check()]


def _debug() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG is on: a failure would show answers.", hint="Set DEBUG to False.", id="web.E101")


def _workers() -> Iterator[CheckMessage]:
    several = int(os.environ.get("EQUIPOISE_WORKERS", "1")) > 1
    if several and any("sqlite" in database["ENGINE"] for database in settings.DATABASES.values()):
        hint = "Use one worker, or PostgreSQL for both databases."
        yield Error("Several workers would wait for one another on SQLite.", hint=hint, id="web.E102")


def _open_door() -> Iterator[CheckMessage]:
    for study in Study.objects.filter(demo=False).order_by("id"):
        hint = "Serve it from another home, without EQUIPOISE_DEMO and without the file DEMO."
        yield Error(f"One click signs anybody in, and the study {study} is not simulated.", hint=hint, id="web.E103")


def _secret() -> Iterator[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) < _SHORTEST or len(set(secret)) < 10 or "only-for-the" in secret:
        hint = "Set EQUIPOISE_SECRET to 50 random letters or more, as docs/how-to/deploy.md shows, and keep a copy."
        yield Error("The secret that signs sessions is missing, short or that of a demo.", hint=hint, id="web.E104")


def _hosts() -> Iterator[CheckMessage]:
    names = [name.strip() for name in settings.ALLOWED_HOSTS]
    wild = [name for name in names if not name or name.startswith((".", "*"))]
    if wild or set(names) <= _LOCAL:
        hint = "Name in EQUIPOISE_HOSTS each host people use, such as trial.example.org, and no wildcard."
        yield Error("The host names that are served are not named one by one.", hint=hint, id="web.E105")


def _transport() -> Iterator[CheckMessage]:
    secure = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_SSL_REDIRECT
    if not (secure and settings.SECURE_HSTS_SECONDS):
        hint = "Put a proxy with TLS in front, and leave EQUIPOISE_TLS unset or at 'proxy'."
        yield Error("Cookies and passwords would travel unencrypted.", hint=hint, id="web.E106")


def _demonstrations() -> Iterator[CheckMessage]:
    for study in Study.objects.filter(demo=True).order_by("id"):
        hint = "Serve it as a demonstration, from a home of its own."
        yield Error(f"The study {study} is simulated: anybody can make its keys again.", hint=hint, id="web.E107")


def _folder() -> Iterator[CheckMessage]:
    if settings.HOME.exists() and settings.HOME.stat().st_mode & 0o007:
        hint = f"chmod o-rwx {settings.HOME}"
        yield Error("Other users of this machine can enter the home.", hint=hint, id="web.E108")


_OUTSIDE_A_DEMONSTRATION: Final = (_secret, _hosts, _transport, _demonstrations, _folder)
