"""What each page and each save asks the database: a handful of questions, however large the study is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from equipoise.conduct.acts import FormDrafted, FormSaved
from equipoise.web import deployment
from tests.web.people import entered, given, invited
from tests.web.web_pages import key

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
LABORATORY = "/demo/subjects/01-001/week_0/laboratory/1/"
BILAG = "/demo/subjects/01-001/week_0/bilag/1/"
VISITOR = 2  # the session, and whose account it is
HEAD = 1  # where the chain ends


@pytest.fixture
def account_in(settings):
    """A browser in which somebody with an account has a role, as outside a demonstration."""
    settings.DEMO = False

    def enter(role):
        account = invited(f"{role}@example.org")
        given(account, role, "01")
        return entered(account)

    return enter


def asked_by(visit) -> list[str]:
    """The statements that a request sends, once what every process reads at its start is read."""
    with CaptureQueriesContext(connection) as found:
        visit()
    return [each["sql"] for each in found]


PAGES = {
    "/demo/": 1,  # whether the list was opened
    "/demo/today/": 0,
    "/demo/subjects/": 0,
    "/demo/queries/": 0,
    "/demo/subjects/01-001/": 0,
    "/demo/subjects/01-001/week_0/": 0,
    "/demo/subjects/01-001/eligibility/": 0,
    "/demo/report/": 1,
    LABORATORY: 1,  # who saved the form last
    f"{LABORATORY}alt/trail/": 1,  # the acts
    "/demo/subjects/01-001/trail/": 1,
}
_WHOLE_LEDGER = re.compile(r"FROM ledger_act WHERE study = '\w+' AND sequence > \d+(?! AND subject)")


@pytest.mark.parametrize(("path", "more"), PAGES.items(), ids=list(PAGES))
def test_a_page_asks_who_comes_where_the_chain_ends_and_what_it_shows(account_in, path, more):
    coordinator = account_in("coordinator")
    assert coordinator.get(path).status_code == 200
    asked = asked_by(lambda: coordinator.get(path))
    assert len(asked) <= VISITOR + HEAD + more, asked
    assert not [sql for sql in asked if _WHOLE_LEDGER.search(sql)]


def test_a_saved_form_of_thirty_answers_takes_fewer_than_fifteen_statements(account_in):
    """With its audit, edit checks, scores and what follows from them; beginning and committing count too."""
    ledger = deployment.ledger("demo")
    form, before = ledger.protocol.form_by_id["bilag"], ledger.snapshot().acts
    texts = {item.id: ledger.protocol.code_lists[item.codes][0].code if item.codes else "yes" for item in form.items}
    assessor = account_in("assessor")
    assert assessor.get(BILAG).status_code == 200
    asked = asked_by(lambda: assessor.post(BILAG, {**texts, "key": key()}))
    saved, *_ = ledger.acts(after=before, kinds=["FormSaved"])
    assert isinstance(saved.act, FormSaved)
    assert len(saved.act.changes) >= 30
    assert len(asked) < 15, asked


def test_a_field_that_is_kept_as_it_is_typed_takes_fewer_than_ten_statements(account_in):
    coordinator = account_in("coordinator")
    before = deployment.ledger("demo").snapshot().acts
    asked = asked_by(lambda: coordinator.post(f"{LABORATORY}draft/", {"alt": "19", "key": key()}))
    (kept,) = deployment.ledger("demo").acts(after=before)
    assert isinstance(kept.act, FormDrafted)
    assert len(asked) < 10, asked
