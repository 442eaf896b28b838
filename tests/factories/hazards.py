"""A hazard and a violation of the zone, in any of their states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.hazards.enums import FindingGrade, ViolationSort
from ronghe.domain.hazards.services.reporting import NOBODY, Offender, Report, report_hazard, report_violation
from ronghe.domain.hazards.services.settling import Assessed, Confirmed, assess_hazard, confirm_violation
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.models import Person
from tests.factories.rhythm import ZoneStory, photo

FIVE = {"measure": "更换盲板垫片", "money": "1200", "plan": "监护人带检测仪值守，超限撤人"}


def make_hazard(
    story: ZoneStory, at: datetime, *, by: Person | None = None, title: str = "法兰渗油", **more: Any
) -> WorkItem:
    """Return a hazard that the second member reported to the zone's branch, or in the area named."""
    report = Report(title, **{"body": story.body, **more})
    return report_hazard(report=report, actor=by or story.members[1], at=at)


def assessed(
    story: ZoneStory, at: datetime, *, owner: Person | None = None, grade: FindingGrade = FindingGrade.GENERAL,
    item: WorkItem | None = None, **more: Any,
) -> WorkItem:  # fmt: skip
    given = Assessed(grade, owner or story.members[0], **{**FIVE, **more})
    return assess_hazard(item=item or make_hazard(story, at), given=given, actor=story.lead, at=at)


def fixed(item: WorkItem, at: datetime) -> WorkItem:
    """Return the item put right by its owner, with a photo."""
    assert item.owner is not None
    said = Said(note="已更换，试压合格", uploads=[photo()])
    return take_step(item=item, step="fix", actor=item.owner, at=at, said=said)


def make_violation(
    story: ZoneStory, at: datetime, *, by: Person | None = None, offender: Offender = NOBODY, is_by_machine: bool = False,
    title: str = "高处作业未系安全带", **more: Any,
) -> WorkItem:  # fmt: skip
    report = Report(title, **{"body": story.body, **more})
    return report_violation(
        report=report, sort=ViolationSort.OPERATION, offender=offender, is_by_machine=is_by_machine,
        actor=by or story.members[1], at=at,
    )  # fmt: skip


def confirmed(
    story: ZoneStory, at: datetime, *, offender: Offender = NOBODY, item: WorkItem | None = None, **more: Any
) -> WorkItem:
    """Return a violation that the zone's lead confirmed; the first member is to put it right."""
    given = Confirmed(**{"grade": FindingGrade.GENERAL, "owner": story.members[0], "note": "现场核实、有照片", **more})
    item = item or make_violation(story, at, offender=offender)
    return confirm_violation(item=item, given=given, actor=story.lead, at=at)
