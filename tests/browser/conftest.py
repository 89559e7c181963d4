"""A browser and a server of their own. Without Chromium these tests are skipped, or fail where CI=true."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's event loop runs beside the other tests' database

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
Sign = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "no Chromium at /usr/bin/chromium; install the package `chromium` to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the served demonstration."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of a served demonstration."""
    with served(home, "tests.browser.browser_site", EQUIPOISE_DEMO="yes") as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(home: Path, module: str, **more: str) -> Iterator[int]:
    """A server of its own, made and started by a module; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "EQUIPOISE_HOME": str(home), "EQUIPOISE_SECRET": "only-for-these-tests",
        "DJANGO_SETTINGS_MODULE": "equipoise.web.settings", "EQUIPOISE_DATABASE": "", "EQUIPOISE_ALLOCATOR": "",
        **more,
    }  # fmt: skip
    command = [sys.executable, "-m", module, str(port)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health/", server, home / "server.log")
            yield port
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")


def plug_in_a_phone(page: Page) -> None:
    """Give the page's browser a virtual authenticator that keeps passkeys and knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    phone = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": phone})


@pytest.fixture
def sign_in(chromium: Browser, site: str) -> Iterator[Sign]:
    """Sign in as somebody, who has no page open yet: sign_in("nurse", language="zh", width=390).

    Fails if a page errs or asks elsewhere.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def enter(
        role: str, place: str = "01", *, language: str = "en", width: int = 1366, height: int = 768, **more: object
    ) -> Page:
        context = chromium.new_context(
            locale="zh-CN" if language == "zh" else "en-GB", viewport={"width": width, "height": height}, base_url=site,
            **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda request: faults.append(request.url) if not request.url.startswith(site) else None)
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        door, spoken = context.request, {"Accept-Language": language}
        door.get("/", headers=spoken)
        token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
        said = {"role": role, "site": place, "csrfmiddlewaretoken": token}
        assert door.post("/sign-in/", form=said, headers=spoken, max_redirects=0).status == 302
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not faults
