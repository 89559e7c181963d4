"""What every answer of the server carries, and what it tells when something fails: an id, never a value."""

import json
import logging
import secrets
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("equipoise.web")

# Nothing from elsewhere, nothing inline, nothing framed.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The pharmacist's page opens envelopes with libsodium, which is WebAssembly; that alone is let in, and there alone.
WORKSPACE_POLICY: Final = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
# A report is one file with its styles and figures inside. It runs no script and sends no form.
REPORT_POLICY: Final = (
    "sandbox allow-same-origin allow-popups allow-downloads; default-src 'none'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)

# What somebody uploaded is stored, never opened here; were it, it could do nothing.
FILE_POLICY: Final = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def headers_middleware(respond: Respond) -> Respond:
    """Every page is bound to this server and is kept nowhere else."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def error_id() -> str:
    """A short random id under which a failure can be found in the log."""
    return secrets.token_hex(4)


def record_failure(request: HttpRequest, identifier: str, error: BaseException | None = None) -> None:
    """Log a failure: its id, the route and the place in the code, but no message, which may quote an answer."""
    route = request.resolver_match.view_name if request.resolver_match else "-"
    place = _place(error) if error is not None else "-"
    log.error("failure %s: %s %s %s at %s", identifier, request.method, route, type(error).__name__, place)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"


class WithoutValues(logging.Formatter):
    """A formatter that leaves out what an exception says, because it may quote an answer."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name logging calls
        """The kind of the exception and its place."""
        kind, error, _ = ei if isinstance(ei, tuple) else (None, None, None)
        return f"{getattr(kind, '__name__', '-')} at {_place(error)}" if isinstance(error, BaseException) else "-"


class Structured(WithoutValues):
    """The same as one line of JSON, for a program that collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        """When, how grave, from where, what; and the kind of an exception, never its words."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
