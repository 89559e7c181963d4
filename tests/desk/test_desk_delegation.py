"""The delegation log at the desk: who may give a role, who takes it up, and that the rest of the rules are asked."""

from datetime import timedelta

import pytest

from equipoise.conduct.acts import Person
from equipoise.desk.delegation import accept_role, end_role, grant_role
from equipoise.ledger.store import Ledger
from tests.desk.at_work import ADMINISTRATOR, NOW, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
TODAY = NOW.date()


@pytest.fixture
def study():
    return Study()


def give(study, role="coordinator", site="11", *, who="p-lin", by=ADMINISTRATOR, **more):
    dates = {"start": TODAY, **more}
    return grant_role(study.desk, who, "Lin Yue", role, site, by=by, key=study.key(), **dates)


def test_a_role_is_given_taken_up_and_ended_and_read_again_from_the_ledger(study):
    done(give(study, end=TODAY + timedelta(days=30)))
    done(accept_role(study.desk, "coordinator", "11", by=Person("p-lin", "coordinator", "11"), key=study.key()))
    done(end_role(study.desk, "p-lin", "coordinator", "11", by=ADMINISTRATOR, key=study.key(), reason="left"))
    (grant,) = Ledger.of(study.id).snapshot().grants
    assert (grant.name, grant.by, grant.end) == ("Lin Yue", ADMINISTRATOR.id, TODAY + timedelta(days=30))
    assert 0 < grant.given < grant.accepted < grant.ended
    assert [row.site for row in study.ledger.rows(kinds=["RoleGranted", "RoleAccepted", "RoleEnded"])] == ["11"] * 3


@pytest.mark.parametrize("role", ["coordinator", "investigator", "monitor", "sponsor"])
def test_only_who_administers_gives_and_ends_roles(study, role):
    assert ids(give(study, by=person(role))) == ["desk.E001"]
    done(give(study))
    ended = end_role(study.desk, "p-lin", "coordinator", "11", by=person(role), key=study.key(), reason="left")
    assert ids(ended) == ["desk.E001"]


def test_nobody_takes_a_role_up_for_somebody_else(study):
    done(give(study))
    assert ids(accept_role(study.desk, "coordinator", "11", by=person("coordinator"), key=study.key())) == [
        "conduct.E117"
    ]


def test_two_duties_are_refused_in_the_order_in_which_they_are_given(study):
    done(give(study))
    assert ids(give(study, "pharmacist")) == ["conduct.E115"]
    assert ids(give(study, "administrator", "")) == ["conduct.E116"]
    done(give(study, "pharmacist", who="p-ma"))
    assert ids(give(study, who="p-ma")) == ["conduct.E115"]


@pytest.mark.parametrize("wrong", [{"who": "Lin Yue"}, {"role": "Study coordinator"}, {"start": "tomorrow"}])
def test_what_is_no_id_and_no_day_is_refused(study, wrong):
    role = wrong.pop("role", "coordinator")
    assert ids(give(study, role, **wrong)) == ["desk.E005"]
