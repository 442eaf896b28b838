"""`ronghe regroup`: what is asked, who may lead, ways between stations, moves by hand, and a regrouping that goes back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.regrouping.models import GroupingProposal, Regrouping

MOST_WEIGHT = 200
"""As on the page; more would drown everything else."""

_letter = click.argument("letter", metavar="LETTER")
_reason = click.option("--reason", required=True, help="为什么")


class WeightUnreadable(DomainError):
    code = "regrouping_weight_unreadable"
    sentence = N_("看不懂权重“%(text)s”。请写成 size=60，名称有 %(names)s。")
    status = 422


@click.command("question", short_help=_("改要求和权重"))
@NUMBER
@click.option("--groups", type=click.IntRange(2, 12), default=None, help="划分几组")
@click.option("--weight", "weights", multiple=True, help="一项的权重，如 size=60，可写多个")
@JSON
def question(number: int, groups: int | None, weights: tuple[str, ...], as_json: bool) -> None:
    """改划分 NUMBER 的组数和权重；没有写的不变，已经求出的方案也不变。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.calc.model import Weights
    from ronghe.domain.regrouping.services.drafting import change_question

    found = _seen(actor, number, now)
    changes = _weights(weights)
    made = change_question(
        regrouping=found, seen=found.settings_version, group_count=groups,
        weights=Weights(**{**found.weights, **changes}) if changes else None, actor=actor, at=now,
    )  # fmt: skip
    tell(
        {"id": made.pk, "groups": made.group_count, "weights": made.weights},
        _("已改，重新求解时按它。"),
        as_json=as_json,
    )


@click.command("lead", short_help=_("说一个人能不能带组"))
@NUMBER
@click.argument("person", metavar="PERSON")
@click.argument("says", type=click.Choice(["yes", "no", "records"]), metavar="SAYS")
@JSON
def lead(number: int, person: str, says: str, as_json: bool) -> None:
    """说 PERSON（姓名或员工号）能不能一身兼组长、班长（PO-09）：yes 能、no 不能、records 按档案。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.drafting import set_leading

    found = _seen(actor, number, now)
    who, may_lead = _person(found, person), {"yes": True, "no": False, "records": None}[says]
    set_leading(regrouping=found, person=who, may_lead=may_lead, actor=actor, at=now)
    tell({"person": who.name, "may_lead": may_lead}, _("已记下。"), as_json=as_json)


@click.command("way", short_help=_("填两站之间的路程"))
@NUMBER
@click.argument("here")
@click.argument("there")
@click.argument("minutes")
@JSON
def way(number: int, here: str, there: str, minutes: str, as_json: bool) -> None:
    """填报站 HERE 到站 THERE 路上几分钟，来回一样。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.enums import TravelSource
    from ronghe.domain.regrouping.services.ways import Way, set_ways

    ways = [Way(here, there, minutes)]
    count = set_ways(regrouping=_seen(actor, number, now), ways=ways, source=TravelSource.TYPED, actor=actor, at=now)
    tell({"ways": count}, _("已填报。"), as_json=as_json)


@click.command("import-ways", short_help=_("导入路程表"))
@NUMBER
@click.argument("file", type=IN_FILE)
@JSON
def import_ways_(number: int, file: Path, as_json: bool) -> None:
    """导入路程表，三列：站、站、分钟。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.ways import import_ways

    count = import_ways(regrouping=_seen(actor, number, now), file=file, name=file.name, actor=actor, at=now)
    tell({"ways": count}, _("已导入 %(count)s 段路程。") % {"count": count}, as_json=as_json)


@click.command("line", short_help=_("按管线顺序估计路程"))
@NUMBER
@click.argument("stations", nargs=-1, required=True)
@JSON
def line(number: int, stations: tuple[str, ...], as_json: bool) -> None:
    """按 STATIONS 在管线上的先后估计相邻两站的路程；已填报的不变。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.selectors.crew import crew_of
    from ronghe.domain.regrouping.services.ways import guess_along_line

    found = _seen(actor, number, now)
    named = {unit.name: unit for unit in crew_of(found.body, found.unit, found.as_of).units.values()}
    if any(name not in named for name in stations):
        raise NotFound
    count = guess_along_line(regrouping=found, stations=[named[name] for name in stations], actor=actor, at=now)
    said = _("按管线顺序估计了 %(count)s 段路程，已填报的不变。") % {"count": count}
    tell({"ways": count}, said, as_json=as_json)


@click.command("swap", short_help=_("两个人互换"))
@NUMBER
@_letter
@click.argument("person", metavar="PERSON")
@click.argument("other", metavar="OTHER")
@JSON
def swap(number: int, letter: str, person: str, other: str, as_json: bool) -> None:
    """在一个方案里让两个人互换小组；系统拟的方案不变，另成一个方案。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.moving import swap_people

    found = _seen(actor, number, now)
    made = swap_people(
        proposal=_lettered(found, letter), member=_person(found, person).pk, other=_person(found, other).pk, actor=actor,
        at=now,
    )  # fmt: skip
    tell(_proposal_row(made), _("已互换，在方案 %(letter)s。") % {"letter": made.letter}, as_json=as_json)


@click.command("back", short_help=_("放回上一次移动的人"))
@NUMBER
@_letter
@JSON
def back(number: int, letter: str, as_json: bool) -> None:
    """撤回一个方案里的上一次移动。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.moving import put_back

    made = put_back(proposal=_lettered(_seen(actor, number, now), letter), actor=actor, at=now)
    tell(_proposal_row(made), _("已放回。"), as_json=as_json)


@click.command("stop", short_help=_("停下求解"))
@NUMBER
@_letter
@JSON
def stop(number: int, letter: str, as_json: bool) -> None:
    """让正在求解的方案停下；已找到的留着。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.solving import stop_search

    made = stop_search(proposal=_lettered(_seen(actor, number, now), letter), actor=actor, at=now)
    tell(_proposal_row(made), _("已叫停。"), as_json=as_json)


@click.command("return", short_help=_("退回修改"))
@NUMBER
@_reason
@JSON
def return_(number: int, reason: str, as_json: bool) -> None:
    """把报上或通过的划分 NUMBER 退回修改。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.deciding import return_regrouping

    made = return_regrouping(regrouping=_seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, made.get_state_display(), as_json=as_json)


@click.command("drop", short_help=_("不再办理"))
@NUMBER
@_reason
@JSON
def drop(number: int, reason: str, as_json: bool) -> None:
    """划分 NUMBER 不再办理；记录留着。"""
    actor, now = acting_now()
    from ronghe.domain.regrouping.services.deciding import drop_regrouping

    made = drop_regrouping(regrouping=_seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, made.get_state_display(), as_json=as_json)


DRAFTING_COMMANDS = (question, lead, way, import_ways_, line, swap, back, stop, return_, drop)


def _seen(actor: Person, number: int, now: datetime) -> Regrouping:
    from ronghe.cli.finding import row_called
    from ronghe.domain.regrouping.selectors.proposals import regroupings_seen_by

    return row_called(number, regroupings_seen_by(actor, now))


def _lettered(regrouping: Regrouping, letter: str) -> GroupingProposal:
    found = regrouping.proposals.filter(letter=letter.upper()).select_related("parent").first()
    if found is None:
        raise NotFound
    found.regrouping = regrouping
    return found


def _person(regrouping: Regrouping, who: str) -> Person:
    from ronghe.cli.finding import person_called
    from ronghe.domain.org.models import Person
    from ronghe.domain.regrouping.selectors.crew import crew_of

    crew = crew_of(regrouping.body, regrouping.unit, regrouping.as_of)
    return person_called(who, Person.objects.filter(pk__in=crew.people).order_by("pk"))


def _weights(texts: tuple[str, ...]) -> dict[str, int]:
    """Read size=60.

    :raises WeightUnreadable: it is none
    """
    from dataclasses import fields

    from ronghe.domain.regrouping.calc.model import Weights

    names = [field.name for field in fields(Weights)]
    found: dict[str, int] = {}
    for text in texts:
        name, _equals, value = text.partition("=")
        if name not in names or not (value.isascii() and value.isdigit()):
            raise WeightUnreadable(text=text, names=", ".join(names))
        found[name] = min(int(value), MOST_WEIGHT)
    return found


def _proposal_row(row: GroupingProposal) -> dict[str, Any]:
    return {"letter": row.letter, "source": row.source, "solving": row.solving}
