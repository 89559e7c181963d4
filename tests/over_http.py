"""A served deployment and its visitors over HTTP, for tests and benchmarks: real processes, real connections."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Server:
    """`equipoise serve` on a folder, in a group of processes of its own, which only its owner ends."""

    home: Path
    workers: int = 2
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, at another port than before, and wait until it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [
            sys.executable, "-m", "equipoise.cli", "serve", "--home", str(self.home), "--port", str(self.port),
            "--workers", str(self.workers),
        ]  # fmt: skip
        own = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=own | self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {(self.home / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End every process of it at once, as a power cut would: none of them can finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):  # one that could not start has ended by itself
                os.killpg(self.process.pid, how)
            self.process.wait(timeout=20)
            self.process = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as it was transferred."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        """The page; it must not have been asked for compressed."""
        return self.body.decode()


class Visitor:
    """Somebody with a connection that stays open, and cookies."""

    def __init__(self, port: int, language: str = "en") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._language = language

    def get(self, path: str, encoding: str = "identity") -> Answer:
        """A page."""
        return self._ask("GET", path, None, encoding)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """What a browser sends from a form; an answer that leads elsewhere is not followed."""
        return self._ask("POST", path, fields, "identity")

    def sign_in(self, role: str, site: str = "") -> None:
        """Go in through the door of a demonstration."""
        self.get("/")
        answer = self.post("/sign-in/", {"role": role, "site": site})
        if answer.status != 302:
            raise RuntimeError(f"{role} could not sign in: {answer.status}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, fields: dict[str, str] | None, encoding: str) -> Answer:
        headers = {"Accept-Encoding": encoding, "Accept-Language": self._language}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **fields})
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._cookies |= {each.key: each.value for each in SimpleCookie(value).values()}
        return answer
