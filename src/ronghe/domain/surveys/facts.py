"""问卷: what the room records. An answer itself leaves no fact: its place and moment would lead to who gave it."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

SURVEY_OPENED = declare(
    "surveys.opened",
    N_("发出问卷"),
    attributes={"purpose": Code(), "questions": Whole(), "people": Whole(), "is_named": Flag()},
)
SURVEY_DRAWN_UP = declare("surveys.drawn_up", N_("起草问卷"), attributes={"purpose": Code(), "questions": Whole()})
SURVEY_EXTENDED = declare("surveys.extended", N_("延长问卷"), attributes={"until": Day()})
SURVEY_CLOSED = declare(
    "surveys.closed",
    N_("结束问卷"),
    attributes={"purpose": Code(), "people": Whole(), "answered": Whole(), "is_named": Flag(), "is_shown": Flag()},
)
SURVEY_ANSWER = declare(
    "survey.answer",
    N_("测评答卷"),
    measure="point",
    attributes={"item": Code(), "contractor": Whole(), "carrier": Whole()},
)
"""One mark of a survey that judges somebody, written at closing; nobody's, and in the order of the marks (PP-06)."""
SURVEY_DROPPED = declare("surveys.dropped", N_("撤下问卷"), attributes={"purpose": Code(), "people": Whole()})
