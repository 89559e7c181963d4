"""From an empty folder to a server: a study, its sites, its people, and what is refused before it is served."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.cli.conftest import OUTSIDE, ROOT, ended

PROTOCOL = ROOT / "trials" / "hypertension-tablets" / "protocol.yaml"
SECRET = "qT7-vN2_xK9mB4zL8wR1-sD6fH3jG5pY0cU-aE7iO2tQ9nM4kV"
SERVED = {"EQUIPOISE_SECRET": SECRET, "EQUIPOISE_HOSTS": "trial.example.org,127.0.0.1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A deployment with a study, a site that is open, and two people with roles."""
    home = tmp_path_factory.mktemp("deployment") / "home"
    home.mkdir(mode=0o750)
    where = ("--home", home, "--by", "Wu")
    for command in (
        ("study", "add", PROTOCOL, "--id", "practice", *where),
        ("study", "activate", "11", "--study", "practice", *where),
        (
            "user",
            "invite",
            "zhao@example.org",
            "--name",
            "Zhao Ning",
            "--study",
            "practice",
            "--role",
            "administrator",
            *where,
        ),
    ):
        code, printed = ended(*command, **SERVED)
        assert code == 0, printed
    assert re.search(r"\n    https://trial\.example\.org/invitation/[\w-]{43}/\n", printed)
    return home


def test_an_invitation_beside_a_duty_of_somebody_else_is_refused(home):
    code, printed = ended(
        "user", "invite", "zhao@example.org", "--study", "practice", "--role", "coordinator", "--site", "11",
        "--home", home, "--by", "Wu",
    )  # fmt: skip
    assert code == 1
    assert "conduct.E116" in printed


def test_who_is_new_needs_a_name_and_a_study_that_is_there(home):
    where = ("--home", home, "--by", "Wu")
    code, printed = ended("user", "invite", "new@example.org", *where)
    assert (code, "say --name" in printed) == (2, True)
    code, printed = ended(
        "user", "invite", "new@example.org", "--name", "N", "--study", "other", "--role", "monitor", *where
    )
    assert (code, "study add" in printed) == (1, True)


@pytest.mark.slow
def test_a_role_and_an_account_end_and_the_account_is_not_used_again(home):
    where = ("--home", home, "--by", "Wu")
    invite = ("user", "invite", "Li@Example.org", "--name", "Li Na", "--study", "practice", "--role", "monitor", *where)
    assert ended(*invite)[0] == 0
    listed = ended("user", "list", "--home", home)[1]
    assert re.search(r"li@example\.org  Li Na  p-\w{8}  0 passkeys, no app, never signed in\n", listed)
    assert re.search(r"practice: monitor, [\d-]{10} until further notice, not taken up", listed)
    code, printed = ended("user", "end", "li@example.org", "--reason", "left", *where)
    assert code == 0
    assert "no longer monitor" in printed
    assert "never used again" in printed
    assert "was ended" in ended(*invite)[1]
    assert "no account" in ended("user", "end", "nobody@example.org", "--reason", "left", *where)[1]


@pytest.mark.slow
def test_an_id_that_no_address_could_hold_is_refused(tmp_path):
    for wrong in ("account", "Über", "9lives"):
        code, printed = ended("study", "add", PROTOCOL, "--id", wrong, "--home", tmp_path / "home", "--by", "Wu")
        assert (code, "id is made of" in printed) == (1, True)


def test_each_thing_that_stands_against_serving_is_named(home):
    careless = {"EQUIPOISE_TLS": "none", "EQUIPOISE_HOSTS": "*"}
    code, printed = ended("serve", "--home", home, "--workers", "2", "--check", **careless)
    assert code == 1
    assert re.findall(r"(?m)^([\w.]+): ", printed) == ["web.E102", "web.E104", "web.E105", "web.E106"]
    code, printed = ended("serve", "--home", home, "--check", **SERVED)
    assert (code, printed) == (0, "Nothing stands against serving.\n")


def test_a_served_deployment_answers_over_tls_and_leads_there(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "equipoise.cli", "serve", "--home", str(home), "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=OUTSIDE | SERVED, stdout=log, stderr=log)
        try:
            with wait(port) as health:
                found = json.loads(health.read())
            assert found == {"status": "ok", "databases": {"default": True, "allocator": True}}
            with ask(port, "/", **{"X-Forwarded-Proto": "https"}) as page:
                assert "Accounts are made by invitation" in page.read().decode()
            assert "max-age" in page.headers["Strict-Transport-Security"]
            cookies = " ".join(page.headers.get_all("Set-Cookie"))
            assert "__Host-csrf=" in cookies
            assert "Secure" in cookies
            with pytest.raises(urllib.error.HTTPError) as led:
                ask(port, "/")
            led.value.close()
            assert (led.value.code, led.value.headers["Location"]) == (301, f"https://127.0.0.1:{port}/")
        finally:
            server.terminate()
            server.wait(timeout=20)


class Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else."""

    def redirect_request(self, *_):
        return None


def ask(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    return urllib.request.build_opener(Stay).open(request, timeout=5)


def wait(port):
    for _ in range(300):
        try:
            return ask(port, "/health/")
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")
