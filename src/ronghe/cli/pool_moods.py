"""`ronghe pool`: how the people of one side feel, noted and read; who reads it is on record."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.pools.services.moods import FollowUp

LEVELS = ("calm", "uneasy", "attention")
TOPICS = ("safety", "pay", "living", "family", "relations", "workload", "growth")


class FollowUpUnreadable(DomainError):
    code = "mood_follow_up_unreadable"
    sentence = N_("看不懂跟进“%(text)s”。请写成“talk;罗一鸣;2026-12-01”，第一项是 talk、help、visit 或 report。")
    status = 422


@click.command("note-mood", short_help=_("记思想动态"))
@click.argument("side", metavar="SIDE")
@click.argument("level", type=click.Choice(LEVELS), metavar="LEVEL")
@click.option("--topic", "topics", multiple=True, type=click.Choice(TOPICS), help="哪方面，可写多个")
@click.option("--people", type=int, default=1, help="涉及几人")
@click.option("--text", default="", help="情况，不写姓名；加密保存")
@click.option("--day", type=DAY, default=None, help="哪一天，不写为今天")
@click.option("--follow-up", "follow_ups", multiple=True, help="跟进：talk;罗一鸣;2026-12-01，可写多个")
@JSON
def note_mood_(
    side: str, level: str, topics: tuple[str, ...], people: int, text: str, day: datetime | None,
    follow_ups: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """记 SIDE（如 unit-12、party-7）这一方的思想动态：LEVEL 是 calm 平稳、uneasy 有波动、attention 需关注。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.pools.enums import MoodLevel, MoodTopic
    from ronghe.domain.pools.selectors.pools import part_called, parts_noting, people_of_pool
    from ronghe.domain.pools.services.moods import note_mood

    part = part_called(side, parts_noting, actor, now)
    if part is None:
        raise NotFound
    inside = people_of_pool(part.pool, local_day(now))
    made = note_mood(
        part=part, level=MoodLevel(level), topics=[MoodTopic(one) for one in topics], people=people, text=text,
        day=day.date() if day else None, follow_ups=[_follow_up(one, inside) for one in follow_ups], actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk, "level": made.level, "day": made.day}, _("已记下。"), as_json=as_json)


@click.command("read-mood", short_help=_("看思想动态写了什么"))
@NUMBER
@JSON
def read_mood_(number: int, as_json: bool) -> None:
    """看思想动态 NUMBER 写了什么；每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.pools.selectors.moods import moods_seen_by
    from ronghe.domain.pools.services.moods import read_mood

    text = read_mood(note=row_called(number, moods_seen_by(actor, now)), actor=actor, at=now)
    tell({"text": text}, text, as_json=as_json)


def _follow_up(text: str, people: Any) -> FollowUp:
    """Read talk;罗一鸣;2026-12-01.

    :raises FollowUpUnreadable: it is none
    """
    from ronghe.domain.pools.enums import FollowUpWay
    from ronghe.domain.pools.services.moods import FollowUp

    pieces = [piece.strip() for piece in text.replace("；", ";").split(";")]
    try:
        way, who, due_on = FollowUpWay(pieces[0]), pieces[1], date.fromisoformat(pieces[2])
    except (IndexError, ValueError) as error:
        raise FollowUpUnreadable(text=text) from error
    return FollowUp(way, person_called(who, people), due_on)
