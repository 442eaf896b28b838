"""谁落后了 on the page."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_body

pytestmark = pytest.mark.django_db

BEHIND = "/obligations/behind/"


@pytest.fixture
def committee(story, as_person):
    return as_person(story.clerk)


@pytest.fixture
def missed(story):
    """The branch of the zone's people missed July and August."""
    adopt(story.branch, playbook(), date(2026, 7, 1))
    return story.branch


def test_bodies_stand_with_what_they_miss_and_why(missed, committee):
    rows = committee.get(BEHIND).context["page"].object_list

    assert [(row.body, row.missed, row.due) for row in rows] == [(missed, 2, 1)]
    assert "职务空缺" in committee.get(BEHIND).content.decode()


def test_list_is_filtered_and_every_word_of_the_address_is_taken(missed, committee):
    def listed(**query):
        return [row.body for row in committee.get(BEHIND, query).context["page"].object_list]

    assert listed(q="南I") == [missed]
    assert listed(q="没有这个") == []
    assert listed(span="month") == []
    assert listed(what="due") == [missed]
    assert listed(below=missed.pk) == [missed]
    assert listed(what="²", span="²", below="²", page="²", sort="since") == [missed]


def test_part_of_the_page_is_the_list(missed, committee):
    assert b"<html" not in committee.fragment(BEHIND).content


def test_workbook_holds_a_line_a_mechanism(missed, committee):
    answer = committee.get(f"{BEHIND}export/")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))

    assert [row[0] for row in rows].count(missed.name) == 1
    assert next(row for row in rows if row[0] == missed.name)[2:8] == ("主题党日", "书记", "陈建国", 2, 1, 0)


def test_page_is_for_those_who_lead(missed, member, stranger):
    for browser in (member, stranger):
        assert browser.get(BEHIND).status_code == 404
        assert browser.get(f"{BEHIND}export/").status_code == 404


def test_page_costs_at_most_eight_statements_and_the_same_for_many(story, missed, committee, statements):
    few = statements(committee, BEHIND)
    for n in range(12):
        adopt(make_body(f"采油{n}队党支部", parent=story.committee), playbook(), date(2026, 7, 1))

    assert statements(committee, BEHIND) == few <= 8
