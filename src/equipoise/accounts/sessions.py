"""Sessions: kept on the server, ended by idleness, by their age, or by whoever administers the deployment."""

from typing import Final

from django.conf import settings
from django.contrib.auth import get_user, login
from django.http import HttpRequest
from django.utils import timezone

from equipoise.accounts.models import Account

_BEGAN: Final = "began"
_SEEN: Final = "seen"
_OFTEN: Final = 30  # seconds after which being seen is written again


def begin(request: HttpRequest, account: Account) -> None:
    """Open a session under a new id; nothing of an earlier one stays in it."""
    request.session.flush()
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    request.session.update({_BEGAN: _now(), _SEEN: _now()})


def account_of(request: HttpRequest, *, touch: bool = True) -> Account | None:
    """Whose session this is, if it has not ended; one that has is removed. To `touch` it is to have been there."""
    if _BEGAN not in request.session:
        return None
    now = _now()
    idle, age = now - request.session[_SEEN], now - request.session[_BEGAN]
    account = get_user(request)  # which empties the session if the account's sessions were ended
    if not isinstance(account, Account) or not account.is_active or idle > settings.IDLE or age > settings.LONGEST:
        request.session.flush()
        return None
    if touch and idle > min(_OFTEN, settings.IDLE // 4):
        request.session[_SEEN] = now
    return account


def extend(request: HttpRequest) -> None:
    """Somebody is still there; the session's longest time stays what it is."""
    request.session[_SEEN] = _now()


def left(request: HttpRequest) -> tuple[int, int]:
    """The seconds until a session ends for idleness, and until it ends for its age."""
    now = _now()
    return settings.IDLE + 1 - (now - request.session[_SEEN]), settings.LONGEST + 1 - (now - request.session[_BEGAN])


def _now() -> int:
    return int(timezone.now().timestamp())
