"""A demonstration in a folder of its own, served as a user's would be: `python -m tests.browser.browser_site PORT`."""

import os
import sys

import django
from django.core.management import call_command


def prepare() -> None:
    """Make the databases and a small world in them."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("migrate", database="allocator", verbosity=0)
    from tests.web.web_world import make_demo, make_done

    make_demo("demo")
    make_done("done")


def main() -> None:
    """Prepare, then become the server."""
    prepare()
    arguments = [
        "granian", "--interface", "wsgi", "equipoise.web.wsgi:application", "--host", "127.0.0.1",
        "--port", sys.argv[1],
        "--workers", "1", "--blocking-threads", "2", "--no-ws",
    ]  # fmt: skip
    os.execv(sys.executable, [sys.executable, "-m", *arguments])


if __name__ == "__main__":
    main()
