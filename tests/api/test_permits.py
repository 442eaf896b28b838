from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.permits.models import Permit, PermitSite
from tests.factories.permits import GAS, VALUES, make_story
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HERE = "/field/permits"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning)


def api(person):
    return Api(person, HERE)


def wanted(story, morning, operation="hot_work", **changes):
    return {
        "site": story.site.pk, "operation": operation, "what": "碰头动火", "place": "泵房北侧", "area": "A1",
        "starts_at": morning.isoformat(), "ends_at": (morning + timedelta(hours=6)).isoformat(),
        "values": VALUES.get(operation, {}), "x_m": "100", "y_m": "80", "contractor": story.builder.pk,
        "parts": [{"role": one.role.value, "person": one.person.pk, "card": one.card} for one in story.parts],
        "risks": [{"hazard": "火花", "measure": "看火"}],
        "isolations": [{"point": "出口阀", "method": "上锁", "lock_no": "L-1"}],
        **changes,
    }  # fmt: skip


def test_hot_work_over_the_api(story, morning):
    applicant, leader, guardian = api(story.applicant), api(story.leader), api(story.guardian)
    host = api(story.offices["host"])
    assert applicant.post(**wanted(story, morning, values={})).json()["code"] == "permit_fact_missing"
    made = applicant.post(**wanted(story, morning))
    assert (made.status_code, made.json()["grade"]) == (201, "grade_2")
    assert [one["code"] for one in made.json()["lacks"]] == ["sign_risk_builder", "sign_risk_host"]
    here = f"/{made.json()['id']}"
    assert api(story.outsider).get(here).status_code == 404
    changed = applicant.put(here, risks=[{"hazard": "火花", "measure": "专人看火"}]).json()
    digest = changed["digest"]
    assert digest != made.json()["digest"]

    def sign(who, role, **more):
        return who.post(f"{here}/sign", role=role, digest=digest, code=story.site.code, **more)

    assert sign(applicant, "risk_builder").status_code == 403
    assert sign(leader, "risk_builder").json()["may_sign_as"] == ["risk_builder"]
    assert sign(host, "risk_host").json()["state"] == "analysed"
    assert applicant.post(f"{here}/submit").json()["state"] == "cosigned"
    assert host.post(f"{here}/sign", role="verifier", digest=digest).json()["code"] == "permit_not_on_site"
    code = leader.get(f"{here}/code").json()["code"]
    assert host.post(f"{here}/sign", role="verifier", digest=digest, code=code).json()["state"] == "verified"
    assert sign(api(story.offices["base_unit"]), "approver").json()["state"] == "approved"
    for who, role in ((api(story.briefer), "briefer"), (leader, "briefed"), (guardian, "guardian"),
                      (api(story.offices["shift_leader"]), "checker")):  # fmt: skip
        whole = sign(who, role).json()
    assert whole["state"] == "briefed"
    assert leader.post(f"{here}/activate").json()["code"] == "permit_lacks"
    for row in whole["measures"]:
        leader.post(f"{here}/measures/{row['id']}", state="done")
    isolation = f"{here}/isolations/{whole['isolations'][0]['id']}"
    leader.post(f"{isolation}/place", lock_no="L-1")
    assert leader.post(f"{here}/film").status_code == 200
    gas = api(story.tester).post(f"{here}/gas", readings=list(GAS), place="管口").json()["gas_tests"][0]
    assert (gas["is_fit"], gas["readings"][0]["limit"]) == (True, "≤0.5%")
    assert leader.post(f"{here}/activate").json()["state"] == "active"
    assert guardian.post(f"{here}/guardian", is_here=False).json()["stop_reason"] == "guardian"
    guardian.post(f"{here}/guardian", is_here=True, code=story.site.code)
    assert leader.post(f"{here}/resume").json()["state"] == "active"
    offer = {"role": "guardian", "person": story.relief.pk, "note": "正常", "card": "JH-9"}
    dropped = guardian.post(f"{here}/handovers", **offer).json()["handovers"][0]["id"]
    guardian.post(f"{here}/handovers/{dropped}/drop")
    offered = guardian.post(f"{here}/handovers", **offer).json()["handovers"][0]["id"]
    taken = api(story.relief).post(f"{here}/handovers/{offered}/take", code=story.site.code).json()
    assert [one["person"]["name"] for one in taken["parts"] if one["role"] == "guardian"] == ["接班监护"]
    assert (
        host.post(f"{here}/extend", until=(morning + timedelta(hours=8)).isoformat(), code=story.site.code).json()[
            "code"
        ]
        == "permit_no_extension"
    )
    assert api(story.welder).post(f"{here}/suspend", reason="danger", note="漏").json()["state"] == "suspended"
    assert leader.post(f"{here}/complete", note="焊完").json()["state"] == "completed"
    leader.post(f"{isolation}/remove")
    assert sign(host, "acceptor").json()["keep_until"] == str(morning.date() + timedelta(days=365))
    assert leader.get(f"{here}/print.pdf")["Content-Type"] == "application/pdf"
    assert [row["number"] for row in leader.get("?mine=true&q=碰头").json()["items"]] == [Permit.objects.get().number]
    assert leader.post(f"{here}/burn").status_code == 404


def test_what_is_not_carried_on_over_the_api(story, morning):
    applicant, host = api(story.applicant), api(story.offices["host"])
    first = applicant.post(**wanted(story, morning, "lifting")).json()["id"]
    assert applicant.post(f"/{first}/cancel", reason="不干了").json()["state"] == "cancelled"
    hours = {"starts_at": morning.isoformat(), "ends_at": (morning + timedelta(hours=3)).isoformat()}
    again = applicant.post(f"/{first}/reissue", **hours)
    assert again.status_code == 201
    key = again.json()["id"]
    assert host.post(f"/{key}/reject", reason="不合适").json()["code"] == "step_not_allowed"
    named = host.post(f"/{key}/coordinator", person=story.offices["coordinator"].pk)
    assert named.status_code == 200
    other = applicant.post(**wanted(story, morning, "blind_plate", pipe="P-1", values=VALUES["blind_plate"])).json()[
        "id"
    ]
    hot = applicant.post(**wanted(story, morning, links=[other])).json()
    assert [one["id"] for one in hot["links"]] == [other]
    assert applicant.get(f"/{hot['id']}/conflicts").json() == []


def test_a_site_over_the_api(story, morning):
    keeper, host, hand = api(story.keeper), api(story.offices["host"]), api(story.welder)
    assert [one["id"] for one in hand.get("/profiles").json()] == ["cnpc", "gb30871_2022"]
    made = keeper.post("/sites", body=story.body.pk, name="喇II", profile="cnpc")
    assert made.status_code == 201
    here = f"/sites/{made.json()['id']}"
    assert [row["name"] for row in hand.get("/sites").json()] == ["喇I-1联合站", "喇II"]
    assert hand.get(f"{here}/code").status_code == 403
    code = keeper.get(f"{here}/code").json()["code"]
    assert keeper.post(f"{here}/code").json()["code"] != code
    office = keeper.post(f"{here}/offices", office="host", person=story.welder.pk).json()["offices"][0]["id"]
    assert keeper.post(f"{here}/offices/{office}/end").json()["offices"] == []
    own = keeper.post(f"{here}/numbers", key="extension.most_h", value="6", source="厂规").json()["numbers"]
    assert [(one["value"], one["is_checked"]) for one in own if one["is_own"]] == [("6.00", False)]
    keeper.post(f"{here}/baseline", kind="start", hours="24", source="台账")
    everywhere = keeper.get("/clock").json()
    assert [one["clock"]["aim_h"] for one in everywhere if one["site"]["id"] == story.site.pk]
    clock = keeper.get(f"{here}/clock").json()
    assert [one["baseline_h"] for one in clock["kinds"]] == [None, "24.00", None]
    site = f"/sites/{story.site.pk}"
    assert host.post(f"{site}/wind", level=5).json()["stopped"] == 0
    alarm = host.post(f"{site}/alarms", text="可燃气体报警").json()["id"]
    assert host.post(f"{site}/alarms/{alarm}/clear").json()["notices"][-1]["kind"] in {"alarm", "wind"}
    until = (morning + timedelta(hours=1)).isoformat()
    vent = host.post(f"{site}/activities", kind="vent_gas", what="放空", starts_at=morning.isoformat(), ends_at=until)
    assert vent.status_code == 200
    assert len(hand.get(site).json()["activities"]) == 1
    assert host.post(f"{site}/activities/{vent.json()['id']}/end").json()["activities"] == []
    assert PermitSite.objects.count() == 2
