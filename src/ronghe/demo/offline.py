"""Phones of the demonstration field: a huddle held without signal, two acts that were not taken, a phone that was lost."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.offline.calc.acts import FIRST, item_digest
from ronghe.domain.offline.models import Device
from ronghe.domain.offline.services.devices import proof_text, register_device, revoke_device
from ronghe.domain.offline.services.taking import SignedText, take_acts
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.selectors import expected_people, huddle_on
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import edit_agenda_item
from ronghe.kernel.errors import DomainError
from ronghe.kernel.signatures import SigningKey

MINUTE = timedelta(minutes=1)


class DemoPhone:
    """A phone with a key made from its name, so that the demonstration is the same every time."""

    def __init__(self, person: Person, name: str, at_: datetime) -> None:
        self.person, self.key = person, SigningKey(f"{person.token} {name}")
        proof = self.key.sign(proof_text("ES256", self.key.public_key, name))
        self.device: Device = register_device(
            name=name, algorithm="ES256", public_key=self.key.public_key, proof=proof, actor=person, at=at_
        )
        self.number, self.before, self.queue = 0, FIRST, list[SignedText]()

    def does(self, kind: str, at_: datetime, **what: Any) -> str:
        """Do something without signal and return the id of the act."""
        self.number += 1
        act_id = hashlib.sha256(f"{self.key.digest} {self.number}".encode()).hexdigest()[:32]
        act = {
            "v": 1, "id": act_id, "key": self.key.digest, "n": self.number, "before": self.before, "kind": kind,
            "device_ms": int(at_.timestamp() * 1000), "skew_ms": 0, "steady_ms": None, "what": what,
        }  # fmt: skip
        text = json.dumps(act, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.before = hashlib.sha256(text.encode()).hexdigest()
        self.queue.append(SignedText(text, self.key.sign(text)))
        return act_id

    def reports(self, at_: datetime) -> None:
        take_acts(acts=self.queue, at=at_)
        self.queue = []


def show_offline(field: Field, since: date, now: datetime) -> None:
    """Register the phones, hold yesterday's huddle in the valve pit, and leave two conflicts for the lead to decide."""
    registered = max(at(since, 9, 0), now - timedelta(days=40))
    lost = DemoPhone(field.lead, "旧手机（已丢失）", registered)
    revoke_device(device=lost.device, actor=field.lead, at=registered + timedelta(days=9))
    phone = DemoPhone(field.lead, "3号防爆手机", registered + timedelta(days=9))
    yesterday = now.date() - timedelta(days=1)
    _held_without_signal(field, phone, yesterday)
    _opened_by_two(field, phone, yesterday)
    _written_by_two(field, phone, now)


def _held_without_signal(field: Field, phone: DemoPhone, day: date) -> None:
    start = at(day, 15, 20)
    people = list(expected_people(_would_be(field, day)))[:6]
    opened = phone.does("open_huddle", start, body=field.zone_body.pk, activity_type="daily_huddle")
    phone.does("sign_in", start + MINUTE, activity=opened, code="")
    for number, person in enumerate(one for one in people[:5] if one.pk != field.lead.pk):
        phone.does("tick", start + (2 + number) * MINUTE, activity=opened, person=person.pk)
    phone.does(
        "agenda_add", start + 8 * MINUTE, activity=opened, topic="阀池内动火前复测可燃气",
        notes="井口信号全无，纸质票先签，回站补录。", decision="每 30 分钟复测一次，由属地监护人记录。",
    )  # fmt: skip
    phone.does("close", start + 14 * MINUTE, activity=opened)
    phone.reports(at(day, 18, 5))


def _opened_by_two(field: Field, phone: DemoPhone, day: date) -> None:
    """The evening's huddle was opened at the office, while the lead opened it on the site."""
    start = at(day, 19, 0)
    if huddle_on(field.zone_body, ActivityType.EVENING_HUDDLE, day) is None:
        try:
            open_huddle(body=field.zone_body, activity_type=ActivityType.EVENING_HUDDLE, actor=field.lead, at=start)
        except DomainError:
            return
    opened = phone.does("open_huddle", start + MINUTE, body=field.zone_body.pk, activity_type="evening_huddle")
    phone.does("agenda_add", start + 4 * MINUTE, activity=opened, topic="夜间照明缺两盏，明早补齐")
    phone.reports(at(day, 20, 30))


def _written_by_two(field: Field, phone: DemoPhone, now: datetime) -> None:
    start = now - timedelta(hours=2)
    opened = phone.does("open_huddle", start, body=field.zone_body.pk, activity_type="daily_huddle")
    phone.does("sign_in", start + MINUTE, activity=opened, code="")
    added = phone.does("agenda_add", start + 2 * MINUTE, activity=opened, topic="试压分段方案", notes="")
    phone.reports(start + 3 * MINUTE)
    item = AgendaItem.objects.filter(offline_acts__act_id=added).select_related("activity").first()
    if item is None:  # the day's huddle was there already
        return
    edit_agenda_item(
        item=item, topic=item.topic, notes="监理：先做 3 段，压力 1.5 倍稳压 4 小时。", decision=None, actor=field.lead,
        at=start + 10 * MINUTE,
    )  # fmt: skip
    phone.does(
        "agenda_edit", start + 12 * MINUTE, activity=opened, item=added, base=item_digest(item.topic, "", ""),
        topic=item.topic, notes="施工方：今天先试 2 段，第 3 段等盲板。", decision="先试 2 段。",
    )  # fmt: skip
    phone.reports(now - timedelta(hours=1))


def _would_be(field: Field, day: date) -> Activity:
    return Activity(activity_type=ActivityType.DAILY_HUDDLE, body=field.zone_body, day=day)
