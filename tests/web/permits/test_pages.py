"""Pages of permits: asked for, signed on one's own phone, worked under, stopped; the site with its plan and clock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.permits.enums import PermitKind, PermitState, SignRole
from ronghe.domain.permits.models import Permit, PermitSite, SiteSetting
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.permits.services.sites import make_site, set_baseline
from tests.factories.org import make_account
from tests.factories.permits import (
    active,
    approver_of,
    briefed,
    fresh,
    issued,
    make_story,
    requested,
    sign,
    submitted,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(getattr(person, "account", None) or make_account(person))
    return client


def page(client, named, *args, **query):
    return client.get(reverse(f"web:{named}", args=args), query)


def post(client, named, *args, **body):
    return client.post(reverse(f"web:{named}", args=args), body, follow=True)


def said(answer):
    return answer.content.decode()


def test_a_permit_is_asked_for_step_by_step(story, morning):
    client = client_of(story.applicant)
    assert "动火作业" in said(page(client, "permit_create"))
    address = f"{reverse('web:permit_create')}?site={story.site.pk}&operation=hot_work"
    assert "动火部位" in said(client.get(address))
    given = {
        "what": "碰头", "place": "泵房", "fact_location": "explosive_area", "starts_at": "2026-09-14T08:00",
        "ends_at": "2026-09-14T15:00", "risks": "火花 | 看火\n\n触电｜接地", "isolations": "出口阀 | 上锁", "job_leader": story.leader.pk,
        "workers": [story.welder.pk], "guardian": story.guardian.pk, "card": "JH-1", "gas_tester": story.tester.pk,
        "briefer": story.briefer.pk, "area_code": "A1", "x_m": "10", "y_m": "20",
    }  # fmt: skip
    wrong = client.post(address, given | {"ends_at": "2026-09-14T07:00"})
    assert (wrong.status_code, "作业时间不对" in said(wrong)) == (422, True)
    client.post(address, given)
    permit = Permit.objects.get()
    assert (permit.grade, permit.parts.count(), permit.risks.count(), permit.x_dm) == ("grade_1", 5, 2, 100)
    edit = reverse("web:permit_edit", args=[permit.pk])
    assert "碰头" in said(client.get(edit))
    client.post(edit, given | {"place": "换热区"})
    assert fresh(permit).place == "换热区"
    assert page(client_of(story.outsider), "permit_detail", permit.pk).status_code == 404
    assert page(client_of(story.outsider), "permit_create").status_code == 404


def test_everybody_signs_on_the_own_phone_with_the_code_that_was_read(story, morning):
    permit = requested(story, morning)
    leader, host = client_of(story.leader), client_of(story.offices["host"])

    def put(client, role, **more):
        return post(client, "permit_sign", permit.pk, role=role, digest=fresh(permit).digest, **more)

    assert "已签字" in said(put(leader, "risk_builder"))
    put(host, "risk_host")
    post(client_of(story.applicant), "permit_act", permit.pk, "submit")
    assert "要在作业现场签" in said(put(host, "verifier"))
    shown = page(leader, "permit_code", permit.pk)
    assert "签字码" in said(shown)
    code = permit_code(permit, at=morning)
    assert "请您签字" in said(host.get(reverse("web:permit_enter", args=[code]), follow=True))
    assert fresh(permit).state == PermitState.COSIGNED
    put(host, "verifier")
    assert fresh(permit).state == PermitState.VERIFIED
    post(host, "permit_forget", permit.pk)
    base = client_of(story.offices["base_unit"])
    base.get(reverse("web:permit_site_enter", args=[story.site.code]))
    put(base, "approver")
    assert fresh(permit).state == PermitState.APPROVED
    assert "已经换了" in said(base.get(reverse("web:permit_enter", args=["1.2:x"]), follow=True))
    assert put(leader, "king").status_code == 404


def test_the_page_says_what_lacks_and_then_starts_the_work(story, morning):
    permit = issued(story, morning)
    leader = client_of(story.leader)
    for role, who in ((SignRole.BRIEFER, story.briefer), (SignRole.BRIEFED, story.leader), (SignRole.GUARDIAN, story.guardian),
                      (SignRole.CHECKER, story.offices["shift_leader"])):  # fmt: skip
        sign(story, permit, role, who, morning)
    assert "还没有气体检测" in said(page(leader, "permit_detail", permit.pk))
    assert "还不能这样做" in said(post(leader, "permit_act", permit.pk, "activate"))
    for row in permit.measures.order_by("place"):
        post(leader, "permit_measure", permit.pk, row.pk, state="done")
    isolation = permit.isolations.get().pk
    post(leader, "permit_isolation", permit.pk, isolation, "place", lock_no="L-1")
    tester = client_of(story.tester)
    empty = post(tester, "permit_gas", permit.pk, place="管口")
    assert (empty.status_code, "至少填一种" in said(empty)) == (422, True)
    post(tester, "permit_gas", permit.pk, place="管口", gas_0="methane:%", value_0="0.1")
    post(leader, "permit_act", permit.pk, "activate")
    assert fresh(permit).state == PermitState.ACTIVE
    welder = client_of(story.welder)
    assert "请写一句为什么叫停" in said(post(welder, "permit_stop", permit.pk, reason="danger"))
    post(welder, "permit_stop", permit.pk, reason="danger", note="漏")
    assert fresh(permit).state == PermitState.SUSPENDED
    post(leader, "permit_act", permit.pk, "resume")
    guardian = client_of(story.guardian)
    post(guardian, "permit_guardian", permit.pk, "away")
    post(guardian, "permit_guardian", permit.pk, "here", code=story.site.code)
    post(guardian, "permit_hand", permit.pk, role="guardian", person=story.relief.pk, note="正常", card="JH-9")
    offer = permit.handovers.get().pk
    post(client_of(story.relief), "permit_take", permit.pk, offer, "take", code=story.site.code)
    post(leader, "permit_act", permit.pk, "resume")
    post(leader, "permit_close", permit.pk, "complete", note="焊完")
    post(leader, "permit_isolation", permit.pk, isolation, "remove")
    host = client_of(story.offices["host"])
    post(host, "permit_sign", permit.pk, role="acceptor", digest=permit.digest, code=story.site.code)
    assert fresh(permit).state == PermitState.ACCEPTED
    assert page(leader, "permit_print", permit.pk, "pdf")["Content-Type"] == "application/pdf"
    for act in ("burn", "place"):
        assert post(leader, "permit_act", permit.pk, act).status_code == 404


def test_what_is_ended_made_out_anew_and_coordinated(story, morning):
    permit = submitted(story, morning)
    host = client_of(story.offices["host"])
    post(host, "permit_coordinator", permit.pk, person=story.offices["coordinator"].pk)
    assert fresh(permit).coordinator_id == story.offices["coordinator"].pk
    post(host, "permit_close", permit.pk, "reject", note="措施不实")
    assert fresh(permit).state == PermitState.REJECTED
    applicant = client_of(story.applicant)
    window = {"starts_at": "2026-09-14T08:00", "ends_at": "2026-09-14T12:00"}
    answer = post(applicant, "permit_reissue", permit.pk, **window)
    assert "新票已填好" in said(answer)
    made = Permit.objects.get(replaces=permit)
    post(applicant, "permit_close", made.pk, "cancel", note="不干了")
    assert fresh(made).state == PermitState.CANCELLED
    ready = briefed(story, morning, x_m=Decimal(300))
    refused = post(host, "permit_extend", ready.pk, until="2026-09-14T20:00", code=story.site.code)
    assert (refused.status_code, "没有延期" in said(refused)) == (422, True)


def test_the_list_is_filtered_exported_and_costs_the_same_for_one_and_three(story, morning):
    requested(story, morning)
    client = client_of(story.leader)

    def cost():
        page(client, "permits")
        with CaptureQueriesContext(connection) as context:
            page(client, "permits")
        return len(context)

    one = cost()
    for place in (200, 300):
        requested(story, morning, "lifting", x_m=Decimal(place), what="吊装")
    assert cost() == one
    assert "没有符合条件" in said(page(client, "permits", q="没有这个"))
    assert said(page(client, "permits", q="吊装", mine="1", state="active")).count("<tr data-row") == 0
    assert said(page(client, "permits", q="吊装", mine="1", live="1")).count("<tr data-row") == 2
    full, part = page(client, "permits"), client.get(reverse("web:permits"), headers={"HX-Request": "true"})
    assert said(part).strip()[:40] in said(full)
    sheet = page(client, "permits_export", q="吊装")
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_a_site_is_set_up_and_kept(story, morning):
    keeper, host, hand = client_of(story.keeper), client_of(story.offices["host"]), client_of(story.welder)
    post(keeper, "permit_site_create", name="喇II", body=story.body.pk, profile="cnpc", width_m=200, depth_m=100)
    site = PermitSite.objects.get(name="喇II")
    assert page(hand, "permit_site_create").status_code == 403
    here = said(page(keeper, "permit_site", site.pk))
    assert "未核实" in here
    assert "现场作业码" in here
    assert "现场作业码" not in said(page(hand, "permit_site", site.pk))
    post(keeper, "permit_site_appoint", site.pk, office="host", person=story.welder.pk)
    post(keeper, "permit_site_end_office", site.pk, site.offices.get().pk)
    post(keeper, "permit_site_number", site.pk, key="extension.most_h", value="6", source="厂规")
    assert SiteSetting.objects.get().value == 6
    loose = post(keeper, "permit_site_number", site.pk, key="gas.fresh_min", value="60", source="厂规")
    assert (loose.status_code, "只能改得更严" in said(loose)) == (422, True)
    post(keeper, "permit_site_baseline", site.pk, kind="special", hours="72", source="台账")
    assert "过去 72.00 小时" in said(page(keeper, "permit_site", site.pk))
    before = site.code
    post(keeper, "permit_site_code", site.pk)
    assert PermitSite.objects.get(pk=site.pk).code != before
    hot = active(story, morning)
    assert hot.number in said(page(hand, "permit_site", story.site.pk))
    post(host, "permit_site_wind", story.site.pk, level=3)
    post(host, "permit_site_alarm", story.site.pk, text="可燃气体报警", area="A1")
    assert fresh(hot).state == PermitState.SUSPENDED
    post(host, "permit_site_clear", story.site.pk, story.site.notices.get(kind="alarm").pk)
    given = {"kind": "vent_gas", "what": "放空", "starts_at": "2026-09-14T07:40", "ends_at": f"{morning + timedelta(hours=1):%Y-%m-%dT%H:%M}",
             "area": "A1", "x_m": "110", "y_m": "80"}  # fmt: skip
    clash = post(host, "permit_site_activity", story.site.pk, **given)
    assert (clash.status_code, hot.number in said(clash)) == (422, True)
    post(host, "permit_site_activity", story.site.pk, **given, is_happening="on")
    post(host, "permit_site_end_activity", story.site.pk, story.site.activities.get().pk)
    assert post(hand, "permit_site_wind", story.site.pk, level=3).status_code == 403


def test_a_clash_and_a_voided_signature_stand_on_the_page(story, morning):
    issued(story, morning)
    plate = verified(story, morning, "blind_plate", x_m=Decimal(120))
    shown = said(page(client_of(approver_of(story, plate)), "permit_detail", plate.pk))
    assert "盲板抽堵、管线打开附近动火" in shown
    from ronghe.domain.permits.services.requesting import change_permit
    from tests.factories.permits import text_of

    change_permit(
        permit=plate, text=text_of(story, morning, "blind_plate", place="换热区"), actor=story.applicant, at=morning
    )
    assert "内容已改，作废" in said(page(client_of(story.leader), "permit_detail", plate.pk))


def test_the_clock_of_every_site_stands_beside_the_old_baseline(story, morning):
    set_baseline(
        site=story.site,
        kind=PermitKind.SPECIAL,
        hours=Decimal(48),
        source="2025 年台账",
        actor=story.keeper,
        at=morning,
    )
    issued(story, morning)
    client = client_of(story.keeper)

    shown = said(page(client, "permit_clocks"))

    assert "喇I-1联合站" in shown
    assert "100.0%" in shown
    assert b"".join(page(client, "permit_clocks_export")).startswith(b"PK")
    assert "还没有签发" not in shown
    assert "这段时间里没有签发的票" in said(page(client_of(story.outsider), "permit_clocks"))


def test_many_sites_cost_what_one_costs(story, morning, django_assert_max_num_queries):
    for number in range(12):
        make_site(body=story.body, name=f"现场 {number}", profile="cnpc", actor=story.keeper, at=morning)
    issued(story, morning)
    client = client_of(story.keeper)
    page(client, "permit_clocks")

    with django_assert_max_num_queries(24):
        page(client, "permit_clocks")
