"""What a head of a contest may count: kinds of facts with their words. A figure is added here and nowhere else.

`by_person`: the fact is about somebody and counts for the home branch of that day, the team or the person; else it is told
of the body, and of the unit where it names one. `summed`: its quantity counts, else each fact once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ronghe.kernel.words import N_

BODY, TEAM, PERSON = "body", "team", "person"
EVERYBODY = (BODY, TEAM, PERSON)


@dataclass(frozen=True, slots=True)
class Figure:
    code: str
    fact: str
    words: str
    by_person: bool = True
    summed: bool = False
    fits: tuple[str, ...] = EVERYBODY
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)


FIGURES = {
    figure.code: figure
    for figure in (
        Figure("tasks", "work.task_accepted", N_("验收的任务（件）")),
        Figure("claimed", "claims.task_accepted", N_("完成的领办任务（件）")),
        Figure("findings", "hazards.reported", N_("上报的隐患和违章（条）"), by_person=False, fits=(BODY, TEAM)),
        Figure(
            "huddles", "rhythm.activity_closed", N_("开的早晚碰头（次）"), by_person=False, fits=(BODY,),
            where={"activity_type": ("morning_huddle", "evening_huddle", "daily_huddle")},
        ),
        Figure("gatherings", "rhythm.activity_closed", N_("办的活动（次）"), by_person=False, fits=(BODY,)),
        Figure("attended", "rhythm.attended", N_("参加活动（人次）")),
        Figure("solved", "clinic.case_solved", N_("专家门诊解决的问题（件）")),
        Figure("duty_hours", "carriers.shift_held", N_("突击队值守（小时）"), summed=True),
    )
}  # fmt: skip


def figures_for(kind: str) -> list[Figure]:
    return [figure for figure in FIGURES.values() if kind in figure.fits]
