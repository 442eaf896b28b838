"""An election on the page, step by step, by those who may and not by others."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from ronghe.domain.elections.models import BallotRound, Candidate, Election, Term
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PostHolding
from tests.factories.elections import (
    approved_election,
    contest_of,
    count,
    filed_election,
    make_election,
    reported_election,
)
from tests.factories.org import make_body
from tests.web.conftest import squeezed

HERE = "/org/elections/"
SEATS, HEAD = PostRole.COMMITTEE_MEMBER, PostRole.SECRETARY


def page(election, act: str = "") -> str:
    return f"{HERE}elections/{election.pk}/{act}"


def said(answer) -> str:
    return answer.content.decode()


def name(contest, candidate, **changes):
    prefix = f"contest{contest.pk}"
    given = {"person": candidate.pk, "duty": contest.role, "stage": "preliminary", **changes}
    return {f"{prefix}-{key}": value for key, value in given.items()}


def ballot(contest, votes, *, present=9, **changes):
    people = Candidate.objects.filter(contest=contest).order_by("pk")
    cast = {f"for_{one.pk}": yes for one, yes in zip(people, votes, strict=True)}
    against = {f"against_{one.pk}": present - yes for one, yes in zip(people, votes, strict=True)}
    totals = {"held_on": "2026-09-14", "present": present, "issued": present, "returned": present, "valid": present}
    return {**totals, "invalid": 0, "others": 0, **cast, **against, **changes}


def test_a_whole_election_on_the_page(branch, secretary, clerk):
    started = secretary.post(
        f"{HERE}elections/new/?body={branch.body.pk}",
        {"kind": "re_election", "planned_on": "2026-09-14", "seats": 3, "heads": 1},
    )
    election = Election.objects.get()
    assert started["Location"] == page(election)
    seats, head = contest_of(election, SEATS), contest_of(election, HEAD)
    for person in branch.members[:4]:
        secretary.post(f"{HERE}contests/{seats.pk}/candidates/", name(seats, person))
    secretary.post(f"{HERE}contests/{head.pk}/candidates/", name(head, branch.members[1]))
    assert Candidate.objects.count() == 5
    clerk.post(page(election, "approve/"), {"reference": "采五党组〔2026〕7号"})
    for contest, votes, present in ((seats, [8, 7, 6, 2], 9), (head, [3], 3)):
        path = f"{HERE}contests/{contest.pk}/count/"
        assert secretary.get(path).status_code == 200
        assert secretary.post(path, ballot(contest, votes, present=present))["Location"] == page(election)
    secretary.post(page(election, "report/"))
    clerk.post(page(election, "file/"), {"reference": "采五党组〔2026〕9号"})

    election.refresh_from_db()
    assert (election.state, Term.objects.get().number) == ("filed", 1)
    assert PostHolding.objects.get(role="secretary", body=branch.body, valid_until=None).person == branch.members[1]
    steps = [step.state for step in secretary.get(page(election)).context["steps"]]
    assert steps == ["done"] * 5


def test_an_election_is_seen_by_members_and_above_only(branch, now, clerk, secretary, comrade, outsider):
    election = make_election(branch, now)

    for browser in (clerk, secretary, comrade):
        assert browser.get(page(election)).status_code == 200
    assert outsider.get(page(election)).status_code == 404
    assert [len(browser.get(f"{HERE}elections/").context["lines"]) for browser in (comrade, outsider)] == [1, 0]


def test_the_list_is_filtered(branch, now, clerk):
    filed_election(branch, now)
    branch.secretary = branch.members[1]
    running = make_election(branch, now.replace(year=2029), places={HEAD: 1})

    def listed(**query):
        return [row.pk for row, _shape in clerk.get(f"{HERE}elections/", query).context["lines"]]

    assert listed() == listed(state="preparing") == [running.pk]
    assert len(listed(state="all")) == 2
    assert listed(state="all", kind="by_election") == []
    assert listed(body="x", state="x") == [running.pk]
    assert listed(body=branch.committee.pk) == []


def test_starting_is_for_those_who_prepare(branch, comrade, outsider, secretary):
    path = f"{HERE}elections/new/?body={branch.body.pk}"

    assert comrade.get(path).status_code == outsider.get(path).status_code == 404
    assert secretary.get(f"{HERE}elections/new/")["Location"] == HERE
    assert secretary.get(f"{HERE}elections/new/?body=zzz")["Location"] == HERE
    assert not Election.objects.exists()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"seats": 2}, "PE-01"), ({"by_delegates": "on"}, "PE-07"), ({"seats": "", "heads": ""}, "请写明")],
)
def test_a_start_that_breaks_a_rule_is_refused_beside_the_form(branch, secretary, changes, rule):
    given = {"kind": "re_election", "planned_on": "2026-09-14", "seats": 3, "heads": 1, **changes}

    answer = secretary.post(f"{HERE}elections/new/?body={branch.body.pk}", given)

    assert (answer.status_code, rule in said(answer)) == (422, True)


def test_po_06_a_temporary_branch_is_sent_to_its_page(branch, clerk):
    body = make_body("检修临时党支部", parent=branch.committee, kind=PartyOrgKind.TEMPORARY_BRANCH)

    answer = clerk.get(f"{HERE}elections/new/?body={body.pk}", follow=True)

    assert "PO-06" in said(answer)


def test_a_candidate_without_the_right_is_refused_beside_the_form(branch, now, secretary):
    contest = contest_of(make_election(branch, now), HEAD)

    answer = secretary.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, branch.young))
    unknown = secretary.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, branch.young, person="zz"))

    assert (answer.status_code, unknown.status_code) == (422, 422)
    assert not Candidate.objects.exists()


def test_members_cannot_name_withdraw_count_or_report(branch, now, comrade, outsider):
    election = approved_election(branch, now)
    contest, candidate = contest_of(election, HEAD), Candidate.objects.first()

    for browser in (comrade, outsider):
        browser.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, branch.members[5], stage="written_in"))
        browser.post(f"{HERE}candidates/{candidate.pk}/withdraw/")
        browser.post(page(election, "report/"))
        for act in ("", "preview/", "withdraw/"):
            assert browser.post(f"{HERE}contests/{contest.pk}/count/{act}", ballot(contest, [3])).status_code == 404
    assert (Candidate.objects.count(), BallotRound.objects.count()) == (5, 0)
    assert Election.objects.get().state == "approved"


def test_a_secretary_neither_approves_nor_files(branch, now, secretary):
    election = reported_election(branch, now)

    secretary.post(page(election, "file/"), {"reference": "自己备"})
    secretary.post(page(election, "return/"), {"reason": "x"})

    assert Election.objects.get().state == "reported"
    assert secretary.get(page(election)).context["can_file"] is False


def test_a_candidate_is_taken_off(branch, now, secretary):
    election = make_election(branch, now)
    contest = contest_of(election, HEAD)
    secretary.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, branch.members[1]))

    assert secretary.post(f"{HERE}candidates/{Candidate.objects.get().pk}/withdraw/")["Location"] == page(election)
    assert not Candidate.objects.exists()


def test_the_explanation_is_shown_while_typing_and_keeps_nothing(branch, now, secretary):
    contest = contest_of(approved_election(branch, now), SEATS)
    path = f"{HERE}contests/{contest.pk}/count/preview/"

    fragment = secretary.fragment(path, ballot(contest, [8, 7, 5, 5]), post=True)
    plain = secretary.post(path, ballot(contest, [8, 7, 5, 5]))

    assert "得赞成票 8 票，须不少于 5 票（超过实到会 9 人的半数，PE-10）" in said(fragment)
    assert "票数相等，再投票" in said(fragment)
    assert squeezed(said(fragment)) in squeezed(said(plain))
    assert not BallotRound.objects.exists()


@pytest.mark.parametrize(
    ("changes", "told"), [({"present": 7}, "会议无效"), ({"valid": 10}, "PE-10"), ({"for_": "x"}, "数字填全后")]
)
def test_the_explanation_says_what_is_wrong(branch, now, secretary, changes, told):
    contest = contest_of(approved_election(branch, now), SEATS)
    given = ballot(contest, [8, 7, 6, 2])
    if changes.pop("for_", None):
        given[f"for_{Candidate.objects.filter(contest=contest).first().pk}"] = "x"
    if "present" in changes:
        given = ballot(contest, [7, 6, 5, 2], present=7)
    else:
        given.update(changes)

    assert told in said(secretary.fragment(f"{HERE}contests/{contest.pk}/count/preview/", given, post=True))


@pytest.mark.parametrize("present", [7])
def test_pe_09_a_count_below_the_quorum_is_refused_with_the_form_kept(branch, now, secretary, present):
    contest = contest_of(approved_election(branch, now), SEATS)

    answer = secretary.post(f"{HERE}contests/{contest.pk}/count/", ballot(contest, [7, 6, 5, 2], present=present))

    assert (answer.status_code, "PE-09" in said(answer), 'value="7"' in said(answer)) == (422, True, True)
    assert not BallotRound.objects.exists()


def test_nothing_is_counted_before_approval_or_after_every_place_is_taken(branch, now, secretary):
    election = make_election(branch, now)
    contest = contest_of(election, SEATS)
    assert secretary.get(f"{HERE}contests/{contest.pk}/count/").status_code == 404
    secretary.post(page(election, "cancel/"), {"reason": "改期"})
    election = approved_election(branch, now)
    contest = contest_of(election, SEATS)
    count(contest, [8, 7, 6, 2], branch.secretary, now)

    assert secretary.get(f"{HERE}contests/{contest.pk}/count/").status_code == 404


def test_a_wrong_count_is_taken_back(branch, now, secretary):
    election = approved_election(branch, now)
    contest = contest_of(election, SEATS)
    count(contest, [8, 7, 6, 2], branch.secretary, now)

    assert secretary.post(f"{HERE}contests/{contest.pk}/count/withdraw/")["Location"] == page(election)
    assert not BallotRound.objects.exists()


def test_open_places_are_reported_when_said_so(branch, now, secretary):
    election = approved_election(branch, now)
    count(contest_of(election, SEATS), [8, 7, 4, 4], branch.secretary, now)
    count(contest_of(election, HEAD), [2], branch.secretary, now, present=2)

    refused = secretary.post(page(election, "report/"), follow=True)
    assert "还差 1 名" in said(refused)
    secretary.post(page(election, "report/"), {"leaves_places": "1"})

    assert Election.objects.get().state == "reported"


def test_a_result_is_given_back_with_its_reason_shown(branch, now, clerk, secretary):
    election = reported_election(branch, now)

    assert clerk.post(page(election, "return/"), {"reason": ""}).status_code == 422
    clerk.post(page(election, "return/"), {"reason": "缺监票人签名"})

    assert "缺监票人签名" in said(secretary.get(page(election)))


def test_papers_are_printed_both_ways(branch, now, secretary, outsider):
    election = reported_election(branch, now)

    request, result = secretary.get(page(election, "request.docx")), secretary.get(page(election, "result.docx"))

    texts = [paragraph.text for paragraph in Document(BytesIO(request.content)).paragraphs]
    assert "妥否，请批示。" in texts
    whole = "\n".join(paragraph.text for paragraph in Document(BytesIO(result.content)).paragraphs)
    assert "有选举权的应到9人，实到9人" in whole
    assert secretary.get(page(election, "result.pdf")).content.startswith(b"%PDF")
    assert outsider.get(page(election, "result.pdf")).status_code == 404


def test_papers_without_content_are_refused(branch, now, secretary):
    election = make_election(branch, now)

    assert secretary.get(page(election, "request.pdf")).status_code == 409
    assert secretary.get(page(election, "result.pdf")).status_code == 409
    assert secretary.get(page(election, "result.exe")).status_code == 404


def test_a_page_of_an_election_costs_the_same_for_few_and_many_candidates(branch, now, secretary, statements):
    election = make_election(branch, now)
    contest = contest_of(election, SEATS)
    secretary.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, branch.members[0]))
    one = statements(secretary, page(election))
    for person in branch.members[1:5]:
        secretary.post(f"{HERE}contests/{contest.pk}/candidates/", name(contest, person))

    assert statements(secretary, page(election)) == one
