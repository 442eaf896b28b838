"""Roll-outs on the page: each stage as each reader sees it, refusals, and what a page costs."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind, RolloutState
from ronghe.domain.rollouts.models import Effect, Rollout, Target
from tests.domain.playbooks.making import adopt
from tests.factories.org import make_body
from tests.factories.rollouts import DUE, concluded, drafted, make_story, piloted, reviewed, rolled_out

pytestmark = pytest.mark.django_db
LIST = "/rollouts/"


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


def test_pages_want_a_log_in(client, field):
    for path in (LIST, f"{LIST}new/", f"{LIST}units/1/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_drafting_keeps_what_was_typed(field, clerk):
    wrong = clerk.post(f"{LIST}new/", {"title": "", "kind": "model", "playbook": "branch_base@99", "body": "x"})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["body", "playbook", "title"])

    reference = wrong.context["form"].fields["playbook"].choices[0][0]
    given = {"title": "基础制度", "kind": "benchmark", "playbook": reference, "body": field.committee.pk}
    done = clerk.post(f"{LIST}new/", given)

    rollout = Rollout.objects.get()
    assert done["Location"] == f"{LIST}{rollout.pk}/"
    assert (rollout.kind, str(rollout.version)) == (RolloutKind.BENCHMARK, reference)


def test_every_stage_has_its_page(field, clerk, secretary):
    rollout = drafted(field)
    here = f"{LIST}{rollout.pk}/"
    shown = clerk.get(here).context
    assert (shown["may_pilot"], shown["may_review"], shown["may_spread"]) == (True, False, False)
    assert clerk.get(f"{here}pilot/").status_code == 200
    assert clerk.get(f"{here}roll-out/").status_code == 404

    given = {
        "bodies": [field.first.pk], "from_on": "2026-09-14", "last_on": "2026-11-14",
        "measures": [Measure.ON_TIME, Measure.HELD],
    }  # fmt: skip
    assert clerk.post(f"{here}pilot/", given)["Location"] == here
    assert Adoption.objects.get().valid_from == date(2026, 9, 14)
    shown = clerk.get(here).context
    assert (shown["may_call_back"], shown["may_conclude"]) == (True, False)

    early = clerk.post(f"{here}conclude/", {"findings": "很好"})
    assert early.status_code == 422
    assert "2026-11-14" in early.content.decode()
    clerk.post(f"{here}call-back/")
    assert Rollout.objects.get().state == RolloutState.DRAFT


def test_review_and_roll_out_lead_to_the_units(field, clerk, secretary):
    rollout = concluded(field)
    here = f"{LIST}{rollout.pk}/"
    assert clerk.get(here).context["may_review"]
    refused = clerk.post(f"{here}review/", {"decision": "approved", "reasons": ""})
    assert refused.status_code == 422
    clerk.post(f"{here}review/", {"decision": "approved", "reasons": "看得出效果", "document": "纪要九号"})
    assert clerk.get(f"{here}roll-out/").status_code == 200

    clerk.post(f"{here}roll-out/", {"bodies": [body.pk for body in field.branches], "due_on": "2026-10-31"})

    assert Target.objects.filter(rollout=rollout).count() == 3
    shown = clerk.get(here)
    assert shown.context["overview"].adopted == 1
    [group] = shown.context["groups"]
    assert [tile.words for tile in group.tiles] == ["0.0%", "尚未采用", "尚未采用"]
    assert clerk.get(f"{here}units/").status_code == 200
    rows = list(load_workbook(io.BytesIO(b"".join(clerk.get(f"{here}export/").streaming_content))).active.values)
    assert [row[0] for row in rows] == ["单位", *(body.name for body in field.branches)]
    assert secretary.get(LIST).context["lines"][0][0] == rollout


def test_unit_adopts_says_why_not_and_tells_what_came_of_it(field, clerk, as_person):
    rollout, targets = rolled_out(field)
    second = targets[1]
    browser = as_person(field.secretaries[1])
    here = f"{LIST}units/{second.pk}/"
    assert browser.get(LIST).context["waiting"] == [second]

    browser.post(f"{here}reason/", {"reason": "正在换届"})
    second.refresh_from_db()
    assert second.reason == "正在换届"
    early = browser.post(f"{here}effect/", {"text": "好"})
    assert early.status_code == 422

    assert browser.get(here).context["foreseen"].added != []
    browser.post(f"{here}adopt/", {"since": "2026-09-14"})
    assert Adoption.objects.filter(body=second.body, valid_until=None).exists()
    assert browser.get(LIST).context["waiting"] == []
    browser.post(f"{here}effect/", {"text": "到会的人多了"})
    assert Effect.objects.get().text == "到会的人多了"
    assert browser.get(here).status_code == 200
    assert clerk.post(f"{here}release/")["Location"] == here
    clerk.post(f"{LIST}units/{targets[2].pk}/release/")
    assert Target.objects.count() == 2
    clerk.post(f"{LIST}{rollout.pk}/end/")
    assert Rollout.objects.get().state == RolloutState.ENDED


def test_others_find_nothing(field, outsider, secretary, as_person):
    rollout, targets = rolled_out(field)
    for path in (f"{LIST}{rollout.pk}/", f"{LIST}{rollout.pk}/units/", f"{LIST}units/{targets[0].pk}/", f"{LIST}new/"):
        assert outsider.get(path).status_code == 404
    assert outsider.get(LIST).context["lines"] == []
    assert secretary.get(f"{LIST}units/{targets[1].pk}/").status_code == 404
    assert secretary.post(f"{LIST}{rollout.pk}/end/").status_code in {302, 403}
    assert Rollout.objects.get().state == RolloutState.ROLLED_OUT


def test_administrators_find_nothing(administrator, field):
    rollout = drafted(field)
    assert administrator.get(LIST).status_code == 403
    assert administrator.get(f"{LIST}{rollout.pk}/").status_code == 403


def test_nothing_posted_breaks_a_page(field, clerk):
    rollout = reviewed(field)
    here = f"{LIST}{rollout.pk}/"
    for given in (
        {"bodies": "9" * 30, "due_on": "9999-12-31"},
        {"bodies": ["x"], "due_on": "0001-01-01"},
        {"bodies": [field.first.pk], "due_on": "2020-01-01"},
        {"bodies": "\x00", "due_on": "\x00"},
    ):
        assert clerk.post(f"{here}roll-out/", given).status_code == 422
    for query in ("?below=99999999999999999", "?below=abc", "?state=none", "?page=0", "?q=%25"):
        assert clerk.get(f"{here}units/{query}").status_code == 200


def test_list_and_detail_cost_the_same_for_one_and_for_many(field, clerk, statements):
    rollout, _targets = rolled_out(field)
    one = (
        statements(clerk, LIST),
        statements(clerk, f"{LIST}{rollout.pk}/"),
        statements(clerk, f"{LIST}{rollout.pk}/units/"),
    )
    for number in range(6):
        body = make_body(f"新队{number}", parent=field.committee)
        adopt(body, field.book, date(2026, 2, 1))
        Target.objects.create(rollout=rollout, body=body, due_on=DUE, named_at=rollout.drafted_at)
        drafted(field)
    many = (
        statements(clerk, LIST),
        statements(clerk, f"{LIST}{rollout.pk}/"),
        statements(clerk, f"{LIST}{rollout.pk}/units/"),
    )

    assert many == one
    assert one[0] <= 8


def test_refused_pilot_is_not_rolled_out(field, clerk):
    rollout = reviewed(field, Decision.REFUSED)
    assert clerk.get(f"{LIST}{rollout.pk}/roll-out/").status_code == 404
    assert clerk.get(f"{LIST}{rollout.pk}/").status_code == 200


def test_running_pilot_shows_figures_of_now(field, clerk):
    rollout = piloted(field)
    pilot, measured, _review = clerk.get(f"{LIST}{rollout.pk}/").context["pilots"][0]
    assert [one["title"] for one in measured] == [measure.label for measure in Measure]
    assert (pilot.number, measured[0]["before"], measured[0]["after"]) == (1, 0, 0)
