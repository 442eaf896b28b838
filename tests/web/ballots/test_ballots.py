"""Pages of secret ballots: what is shown to whom, voting in two steps, papers, and what bad input meets."""

from __future__ import annotations

import pytest

from ronghe.domain.ballots.models import Ballot, BallotVoter
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import cast_votes
from tests.factories.ballots import make_ballot, make_voters, vote_all
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db
LIST = "/ballots/"


@pytest.fixture
def story(now):
    return make_voters(5)


@pytest.fixture
def ballot(story, now):
    return make_ballot(story, now, items=("推荐甲", "推荐乙"))


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


@pytest.fixture
def voter(story, as_person):
    return as_person(story.voters[0])


@pytest.fixture
def outsider(story, as_person):
    return as_person(make_person("外人", home=make_body("别的支部")))


def page(ballot, act=""):
    return f"{LIST}{ballot.pk}/{act}"


CHOSEN = {"item_1": "1", "item_2": "3"}


def test_pages_want_a_log_in(client, ballot):
    for path in (LIST, f"{LIST}new/", page(ballot)):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_says_what_waits_for_the_reader(ballot, voter, secretary, outsider):
    assert [row.waits_for_me for row in voter.get(LIST).context["page"].object_list] == [True]
    assert [row.waits_for_me for row in secretary.get(LIST).context["page"].object_list] == [False]
    assert list(outsider.get(LIST).context["page"].object_list) == []
    assert len(voter.get(LIST, {"mine": "1", "q": "推荐"}).context["page"].object_list) == 1
    assert len(voter.get(LIST, {"q": "没有的", "state": "x\x00"}).context["page"].object_list) == 0


def test_list_costs_the_same_for_one_and_for_two(story, ballot, secretary, statements, now):
    one = statements(secretary, LIST)
    make_ballot(story, now)
    assert (statements(secretary, LIST), one <= 8) == (one, True)


def test_a_ballot_of_others_is_not_found(ballot, outsider):
    assert outsider.get(page(ballot)).status_code == 404
    for act in ("vote/", "close/", "void/", "papers/hand/", "papers/tell/", "papers/check/"):
        assert outsider.post(page(ballot, act)).status_code == 404
    assert outsider.get(f"{LIST}new/").status_code == 403
    assert outsider.get(f"{LIST}999999999/").status_code == 404


def test_voting_is_shown_once_more_and_then_given(ballot, voter):
    shown = voter.post(page(ballot, "vote/"), CHOSEN)
    assert (shown.status_code, BallotVoter.objects.exclude(way="waiting").count()) == (200, 0)
    assert "投出后不能更改" in shown.content.decode()

    done = voter.post(page(ballot, "vote/"), CHOSEN | {"confirmed": "1"}, follow=True)

    assert BallotVoter.objects.get(way="phone").person.name == "党员1"
    assert "您已投票" in done.content.decode()
    assert done["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    again = voter.post(page(ballot, "vote/"), CHOSEN | {"confirmed": "1"}, follow=True)
    assert [message.level_tag for message in again.context["messages"]] == ["error"]


@pytest.mark.parametrize(
    "said", [{}, {"item_1": "1"}, {"item_1": "9", "item_2": "1"}, {"item_1": "\x00", "item_2": "1"}]
)
def test_what_is_not_chosen_is_asked_for_beside_its_line(ballot, voter, said):
    answer = voter.post(page(ballot, "vote/"), said | {"confirmed": "1"})

    assert (answer.status_code, BallotVoter.objects.exclude(way="waiting").count()) == (422, 0)
    assert "这一项还没有选。" in answer.content.decode()


def test_who_is_not_on_the_list_sees_no_boxes_and_gives_no_vote(ballot, secretary):
    assert "item_1" not in secretary.get(page(ballot)).content.decode()
    secretary.post(page(ballot, "vote/"), CHOSEN | {"confirmed": "1"})
    assert not BallotVoter.objects.exclude(way="waiting").exists()


def test_names_are_for_whoever_opened_it(ballot, secretary, voter):
    assert len(secretary.get(page(ballot)).context["voters"]) == 5
    assert voter.get(page(ballot)).context["voters"] == []


def test_progress_fetches_itself(ballot, voter, story, now):
    vote_all(ballot, story.voters[:2], [1, 2], now)
    answer = voter.get(page(ballot), headers={"HX-Request": "true"})
    assert 'id="progress"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_counted_by_its_opener_and_read_by_everybody_on_the_list(ballot, story, secretary, voter, now):
    vote_all(ballot, story.voters, [1, 1, 1, 2, 3], now)
    voter.post(page(ballot, "close/"))
    assert Ballot.objects.get().state == "open"

    secretary.post(page(ballot, "close/"))

    assert voter.get(page(ballot)).context["result"].items[0].counts == (3, 1, 1)


def test_too_few_votes_are_said_to_be_hidden(ballot, story, secretary, now):
    vote_all(ballot, story.voters[:2], [1, 1], now)
    secretary.post(page(ballot, "close/"))
    assert "不公布，也没有保存" in secretary.get(page(ballot)).content.decode()


def test_papers_are_handed_told_checked_and_counted(ballot, story, secretary, voter, now):
    vote_all(ballot, story.voters[:3], [1, 1, 1], now)
    papers = [person.pk for person in story.voters[3:]]
    assert secretary.post(page(ballot, "papers/hand/"), {"voters": []}).status_code == 422
    secretary.post(page(ballot, "papers/hand/"), {"voters": papers})
    too_many = {"count_1_1": 3, "count_1_2": 0, "count_1_3": 0, "count_2_1": 2, "count_2_2": 0, "count_2_3": 0}
    failed = secretary.post(page(ballot, "papers/tell/"), too_many)
    assert (failed.status_code, "请核对" in failed.content.decode()) == (422, True)
    secretary.post(page(ballot, "papers/tell/"), too_many | {"count_1_1": 2})
    secretary.post(page(ballot, "close/"))
    assert Ballot.objects.get().state == "open"

    voter.post(page(ballot, "papers/check/"))
    secretary.post(page(ballot, "close/"))

    assert [item.counts for item in result_of(Ballot.objects.get()).items] == [(5, 0, 0), (5, 0, 0)]


def test_a_paper_is_taken_back(ballot, story, secretary):
    secretary.post(page(ballot, "papers/hand/"), {"voters": [story.voters[0].pk]})
    held = BallotVoter.objects.get(way="paper")

    secretary.post(page(ballot, f"papers/{held.pk}/back/"))

    assert not BallotVoter.objects.filter(way="paper").exists()


def test_void_wants_a_reason(ballot, secretary):
    assert secretary.post(page(ballot, "void/"), {"reason": ""}).status_code == 422
    secretary.post(page(ballot, "void/"), {"reason": "事项撤回"})
    assert Ballot.objects.get().void_reason == "事项撤回"


def test_create_opens_a_vote_of_those_with_a_vote(story, secretary):
    said = {
        "body": story.branch.pk,
        "title": "评先",
        "items": "甲\r\n\r\n乙",
        "choices": "好、一般",
        "electors": "voting",
    }
    for wrong in ({"items": ""}, {"choices": "好"}, {"body": "9" * 30}, {"title": "\x00"}, {"items": "甲\n甲"}):
        assert secretary.post(f"{LIST}new/", said | wrong).status_code == 422

    done = secretary.post(f"{LIST}new/", said)

    ballot = Ballot.objects.get()
    assert done["Location"] == page(ballot)
    assert (ballot.choices, ballot.items.count(), ballot.voters.count()) == (["好", "一般"], 2, 6)


def test_it_waits_among_the_decisions_of_today(ballot, story, voter, now):
    assert "投票等您投" in voter.get("/").content.decode()
    cast_votes(ballot=ballot, votes={1: 1, 2: 1}, actor=story.voters[0], at=now)
    assert "投票等您投" not in voter.get("/").content.decode()
