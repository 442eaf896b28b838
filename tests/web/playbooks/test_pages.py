"""Playbooks on the page: the shelf, versions beside each other, adopting, going over, ending; who sees what."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from ronghe.domain.playbooks.models import Adoption, AdoptionBatch
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.org import make_body
from tests.factories.rollouts import make_story

pytestmark = pytest.mark.django_db
LIST = "/playbooks/"
WEEKLY = THEME_DAY.replace("FREQ=MONTHLY, window: month", "FREQ=WEEKLY, window: week")


@pytest.fixture
def field(now):
    return make_story()


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretaries[0])


@pytest.fixture
def outsider(field, as_person):
    return as_person(field.outsider)


@pytest.fixture
def outdated(field):
    """The first branch works by version 1 while another body has taken up version 2."""
    standing = adopt(field.first, playbook(), date(2026, 1, 1))
    adopt(make_body("邻近党支部"), playbook(WEEKLY, version=2), date(2026, 9, 1))
    return standing


def test_shelf_tells_what_is_outdated_to_those_who_see_it(outdated, clerk, outsider):
    assert [(row, newer.version) for row, newer in clerk.get(LIST).context["outdated"]] == [(outdated, 2)]
    assert outsider.get(LIST).context["outdated"] == []
    assert outsider.get(f"{LIST}test_book/").status_code == 200


def test_version_has_its_page_and_its_file(outdated, clerk):
    shown = clerk.get(f"{LIST}test_book@1/")
    assert shown.status_code == 200
    assert [one.version for one in shown.context["versions"]] == [2, 1]
    assert clerk.get(f"{LIST}branch_base/file/").content.startswith(b"#")
    for wrong in ("test_book@3", "test_book@x", "test_book@99999999999999999999", "nothing", "test_book@1/file"):
        assert clerk.get(f"{LIST}{wrong}/").status_code == 404


def test_compare_shows_the_differences_or_all(outdated, clerk):
    query = "?a=test_book@1&b=test_book@2"
    shown = clerk.get(f"{LIST}compare/{query}").context
    [(_title, [line])] = shown["groups"]
    assert (line["kind"], line["a_year"], line["b_year"]) == ("changed", 12, 52)
    assert [one.title for one in line["differences"]] == ["频次", "限期"]
    assert clerk.get(f"{LIST}compare/?a=branch_base&b=daqing_zone&show=all").status_code == 200
    assert clerk.get(f"{LIST}compare/").status_code == 200
    book = load_workbook(io.BytesIO(b"".join(clerk.get(f"{LIST}compare/export/{query}").streaming_content)))
    assert book.sheetnames == ["制度", "每年应办", "其他部分"]
    assert [row[2] for row in book["制度"].values] == ["项目", "频次", "限期"]
    assert clerk.get(f"{LIST}compare/?a=test_book@1&b=nothing").status_code == 404


def test_upgrade_is_shown_before_it_is_done(outdated, field, secretary):
    here = f"{LIST}adoptions/{outdated.pk}/"
    shown = secretary.get(here).context
    assert (shown["newer"].version, shown["foreseen"].conflict, shown["may_decide"]) == (2, "", True)
    assert shown["foreseen"].added != []
    assert secretary.get(f"{here}?since=2026-10-01").context["since"] == date(2026, 10, 1)
    assert secretary.get(f"{here}?since=9999-12-31").status_code == 200
    assert Adoption.objects.filter(body=field.first).count() == 1

    done = secretary.post(f"{here}upgrade/", {"since": "2026-10-01"})

    made = Adoption.objects.get(body=field.first, valid_until=None)
    assert done["Location"] == f"{LIST}adoptions/{made.pk}/"
    assert (made.version.version, made.valid_from) == (2, date(2026, 10, 1))
    assert secretary.get(done["Location"]).context["newer"] is None


def test_ending_wants_a_day_that_lies_after_the_first(outdated, secretary, field):
    here = f"{LIST}adoptions/{outdated.pk}/"
    assert secretary.post(f"{here}end/", {"until": "2025-01-01"}).status_code == 422
    assert secretary.post(f"{here}end/", {"until": ""}).status_code == 422
    assert secretary.post(f"{here}end/", {"until": "2026-12-31"})["Location"] == here
    outdated.refresh_from_db()
    assert outdated.valid_until == date(2026, 12, 31)
    assert secretary.get(here).status_code == 200


def test_adoption_of_others_is_not_found(outdated, outsider, field, as_person):
    other = as_person(field.secretaries[1])
    for browser in (outsider, other):
        assert browser.get(f"{LIST}adoptions/{outdated.pk}/").status_code == 404
        assert browser.post(f"{LIST}adoptions/{outdated.pk}/end/", {"until": "2026-12-31"}).status_code == 404
    assert outsider.get(f"{LIST}adoptions/").context["lines"] == []


def test_many_adopt_after_a_preview(outdated, field, clerk, secretary):
    here = f"{LIST}test_book@2/adopt/"
    chosen = [body.pk for body in field.branches]
    shown = clerk.get(here, {"bodies": chosen, "since": "2026-10-01"}).context
    assert [bool(conflict) for _row, conflict in shown["foreseen"]] == [False, False, False]
    assert shown["ready"] == 3

    done = clerk.post(here, {"bodies": chosen, "since": "2026-10-01"})

    batch = AdoptionBatch.objects.get()
    assert done["Location"] == f"{LIST}batches/{batch.pk}/"
    assert (batch.state, batch.done, batch.refused) == ("done", 3, {})
    assert clerk.get(done["Location"]).status_code == 200
    assert secretary.get(done["Location"]).status_code == 404
    assert Adoption.objects.filter(version__version=2, valid_until=None).count() == 4
    assert clerk.post(here, {"bodies": ["9" * 40], "since": "2026-10-01"}).status_code == 422
    assert clerk.post(here, {"since": "soon"}).status_code == 422


def test_list_of_adoptions_is_searched_and_exported(outdated, clerk):
    def bodies(query):
        return [row.body.name for row, _newer in clerk.get(f"{LIST}adoptions/{query}").context["lines"]]

    assert bodies("") == bodies("?q=采油1队") == bodies("?playbook=test_book") == [outdated.body.name]
    assert bodies("?show=over") == bodies("?q=没有的") == []
    rows = load_workbook(io.BytesIO(b"".join(clerk.get(f"{LIST}adoptions/export/").streaming_content))).active.values
    assert [row[0] for row in rows] == ["组织", outdated.body.name]
    assert "<html" not in clerk.fragment(f"{LIST}adoptions/").content.decode()


def test_pages_cost_the_same_for_one_and_for_many(outdated, field, clerk, statements):
    paths = (LIST, f"{LIST}test_book@2/", f"{LIST}adoptions/", f"{LIST}adoptions/{outdated.pk}/", f"{LIST}documents/")
    one = [statements(clerk, path) for path in paths]
    for number in range(5):
        adopt(
            make_body(f"新队{number}", parent=field.committee), playbook(playbook_id=f"book_{number}"), date(2026, 2, 1)
        )
        adopt(make_body(f"旧队{number}", parent=field.committee), playbook(), date(2026, 2, 1))

    assert [statements(clerk, path) for path in paths] == one
    assert max(one[0], one[2]) <= 8
