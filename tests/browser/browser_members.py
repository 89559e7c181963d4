"""A deployment with accounts in a folder of its own: `python -m tests.browser.browser_members PORT`.

The links of its invitations are in the folder's `links.json`.
"""

import json
from datetime import date

from django.conf import settings

from tests.browser.browser_site import become_the_server, prepare

PEOPLE = {
    "en": ("lin@example.org", "Lin Yue", "investigator", "01"),
    "zh": ("wang@example.org", "王芳", "investigator", "01"),
    "other": ("ma@example.org", "Ma Li", "coordinator", "02"),
    "administrator": ("zhao@example.org", "赵宁", "administrator", ""),
}


def main() -> None:
    """Make a small world and the people who work in it, then become the server."""
    prepare()
    from equipoise.accounts import invitations
    from equipoise.desk.delegation import grant_role
    from equipoise.web import deployment
    from tests.web.web_world import ADMINISTRATOR

    links = {}
    for who, (email, name, role, site) in PEOPLE.items():
        account = invitations.account_for(email, name)
        grant_role(
            deployment.desk("demo"), account.person, name, role, site, start=date(2021, 1, 4), by=ADMINISTRATOR, key=who
        )
        links[who] = f"/invitation/{invitations.invite(account).token}/"
    (settings.HOME / "links.json").write_text(json.dumps(links))
    become_the_server()


if __name__ == "__main__":
    main()
