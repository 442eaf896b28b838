"""`ronghe partylife`: what is taken back, changed, put right, and the register of red sites."""

from __future__ import annotations

import click
import pytest
from django.utils import timezone

from ronghe.domain.partylife.models import BirthdayKeeping, OathCeremony, StudyRules
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.partylife import make_gathering, make_life, make_site, make_talk
from tests.factories.rhythm import photo
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def life():
    return make_life()


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "现场.jpg"
    file.write_bytes(photo().content.read())
    return file


def test_talks_are_planned_dropped_and_voided(life, morning):
    own = Shell(life.secretary, "partylife")
    assert own.told("plan-talk", life.officer.name, "--day", "2026-09-20")["planned_on"] == "2026-09-20"
    own.run("drop-plan", life.officer.name)
    talk = make_talk(life.secretary, life.members[0], morning)
    assert own.told("void-talk", talk.pk, "wrong_day")["state"] == "voided"
    with pytest.raises(NotFound):
        Shell(life.stranger, "partylife").run("void-talk", talk.pk, "wrong_day")


def test_a_birthday_and_an_oath_are_kept_and_taken_back(life, picture):
    own, names = Shell(life.secretary, "partylife"), [person.name for person in life.members]
    own.run("birthday", names[0], "--body", life.branch.name, "--way", "card")
    keeping = BirthdayKeeping.objects.get().pk
    own.run("birthday-photo", keeping, picture)
    Shell(life.members[0], "partylife").run("birthday-words", keeping, names[0], "--text", "不忘初心")
    own.run("void-birthday", keeping, "--reason", "记错了人")
    own.run("oath", "--body", life.branch.name, "--kind", "renewal", *names)
    own.run("void-oath", OathCeremony.objects.get().pk, "--reason", "没有办成")
    assert OathCeremony.objects.get().voided_at is not None
    with pytest.raises(NotAllowed):
        Shell(life.members[1], "partylife").run("void-birthday", keeping, "--reason", "不想")


def test_a_red_site_is_rated_closed_opened_and_visited(life, morning):
    site = make_site(life, morning)
    clerk = Shell(life.clerk, "partylife")
    clerk.run("close-site", site.pk, "--reason", "修缮")
    clerk.run("open-site", site.pk)
    assert Shell(life.secretary, "partylife").told(
        "visit-site", site.pk, "--body", life.branch.name, "--from", "2026-09-20 09:00", "--until", "2026-09-20 12:00"
    )["activity"]
    with pytest.raises(NotAllowed):
        Shell(life.members[0], "partylife").run("rate-site", site.pk, 5)
    with pytest.raises(NotFound):
        clerk.run("site-point", "zone-999", 46.6, 125.1)


def test_a_class_is_changed_dropped_and_restored(life, picture):
    own = Shell(life.secretary, "partylife")
    line = own.told("class", "大庆会战", "--body", life.branch.name, "--day", "2026-09-20", "--teller",
                    life.members[0].name)["id"]  # fmt: skip
    changed = own.told("change-class", line, "--topic", "铁人精神")
    assert (changed["topic"], changed["planned_on"]) == ("铁人精神", "2026-09-20")
    own.run("class-material", line, picture)
    own.run("drop-class", line)
    assert own.told("restore-class", line)["id"] == line


def test_hours_are_disputed_answered_withdrawn_and_their_rules_set(life, morning, picture):
    make_gathering(life, morning)
    own, secretary = Shell(life.members[0], "partylife"), Shell(life.secretary, "partylife")
    dispute = own.told("dispute-hours", "--text", "少了一次党课")["id"]
    with pytest.raises(NotAllowed):
        own.run("answer-dispute", dispute, "--upheld", "--text", "同意自己")
    assert secretary.told("answer-dispute", dispute, "--dismissed", "--text", "已核对")["state"] == "answered"
    claimed = own.told(
        "claim", "党校", "--form", "off_job", "--amount", "2", "--day", "2026-09-10", "--proof", picture
    )["id"]
    assert own.told("withdraw-hours", claimed)["state"] == "withdrawn"
    clerk = Shell(life.clerk, "partylife")
    said = ("--from", "2026-01-01", "--basis", "教育培训规划")
    assert clerk.told("study-rules", life.committee.name, *said, "--member-goal", "40")["version"] == 1
    assert (StudyRules.objects.get().member_goal, StudyRules.objects.get().off_job_day) == (40, 8)
    with pytest.raises(click.BadParameter):
        clerk.run("study-rules", life.committee.name, *said, "--member-goal", "许多")
