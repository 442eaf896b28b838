"""What the page of one chain shows: the stepper, the meeting of now, everybody on the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.obligations.selectors import obligations_met_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.selectors.forms import check_lines
from ronghe.domain.sitemeetings.enums import ORDER, UNFINISHED, ChainStage, Meeting
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.rules import KNOW_MINDS, RUN_CHAIN, SIGN_CHAIN, WRITE_BRIEFING
from ronghe.domain.sitemeetings.selectors import Board, MeetingPart, PersonLine, board_of, people_to_note
from ronghe.kernel.words import _, listed
from ronghe.web.requests import actor_of
from ronghe.web.sitemeetings.forms import OffForm

CHAIN_SHAPES = {
    ChainStage.CLOSED: "done",
    ChainStage.CALLED_OFF: "waived",
    ChainStage.BEGUN: "due",
    ChainStage.GROUP_CLOSED: "due",
    ChainStage.SAFETY_CLOSED: "due",
}
"""Everything else is a meeting going on."""


def shape_of_chain(chain: SiteChain) -> str:
    return CHAIN_SHAPES.get(ChainStage(chain.stage), "running")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """Somebody on the site as the page shows them; `marks` are the shapes of the three meetings, in their order."""

    line: PersonLine
    marks: list[tuple[str, str]]
    why: str
    waits: bool
    """The open meeting waits for the signature."""

    @property
    def person(self) -> Person:
        return self.line.row.person


def chain_context(request: HttpRequest, chain: SiteChain, *, off_form: Any = None) -> dict[str, Any]:
    """Return the context of the page."""
    actor, now = actor_of(request), timezone.now()
    board = board_of(chain)
    part, is_today = board.now, chain.day == local_day(now)
    runs = is_today and chain.stage != ChainStage.CALLED_OFF and RUN_CHAIN.allows(actor, chain, at=now)
    knows = KNOW_MINDS.allows(actor, chain, at=now)
    lines = [_site_line(line, board) for line in board.people]
    mine = next((line for line in lines if line.person.pk == actor.pk), None)
    unsaid = sum(1 for line in board.on_site if line.row.is_settled is None)
    return {
        "chain": chain, "board": board, "part": part, "shape": shape_of_chain(chain), "lines": lines,
        "steps": [(one, _step(one, board), _opens(one)) for one in board.parts],
        "earlier": [one for one in board.parts if one.text is not None and one is not part],
        "is_today": is_today, "is_open": part is not None and part.state == "open" and is_today,
        "is_live": is_today and chain.stage in UNFINISHED, "is_unfinished": chain.stage in UNFINISHED,
        "may_run": runs, "knows_minds": knows, "unsaid": unsaid,
        "may_write": is_today and chain.stage != ChainStage.CALLED_OFF and WRITE_BRIEFING.allows(actor, chain, at=now),
        "waiting": [line for line in lines if line.waits],
        "checks": _checks(part) if runs else [],
        "signed_count": len(board.on_site) - sum(1 for line in lines if line.waits),
        "can_sign": _can_sign(actor, chain, part, mine, now) and is_today,
        "can_sign_late": is_today and mine is not None and bool(mine.line.to_sign_late),
        "mine": mine,
        "to_note": _to_note(chain, board) if runs else [],
        "duties": _duties(board) if chain.stage == ChainStage.CLOSED else [],
        "off_form": off_form or OffForm(),
        "next_title": part.title if part is not None else "",
        "is_fragment": bool(getattr(request, "htmx", False)),
    }  # fmt: skip


def _can_sign(actor: Person, chain: SiteChain, part: MeetingPart | None, mine: SiteLine | None, now: datetime) -> bool:
    if part is None or part.state != "open":
        return False
    if any(row.signature.person_id == actor.pk and not row.is_void for row in part.signed):
        return False
    if mine is not None and mine.line.row.left_at is not None:
        return False
    return SIGN_CHAIN.allows(actor, chain, at=now)


def _step(part: MeetingPart, board: Board) -> str:
    if board.chain.stage == ChainStage.CALLED_OFF and part.activity is None:
        return "locked"
    return {"closed": "done", "open": "now", "next": "next", "locked": "locked"}[part.state]


def _opens(part: MeetingPart) -> str:
    if part.before is None:
        return ""
    return _("%(meeting)s结束后") % {"meeting": _(str(part.before.label))}


def _site_line(line: PersonLine, board: Board) -> SiteLine:
    marks = []
    for part in board.parts:
        mine = [row for row in part.signed if row.signature.person_id == line.row.person_id]
        if any(not row.is_void for row in mine):
            state = "late" if mine[-1].signature.is_late else "done"
        elif mine:
            state = "attention"
        else:
            state = "due" if part.state in ("open", "closed") else "upcoming"
        marks.append((state, part.title))
    now = board.now
    waits = now is not None and now.state == "open" and line in board.unsigned(now.meeting)
    why = _why(line, board)
    if waits and now is not None and not line.to_be_briefed and not line.to_sign_late:
        has_signed = any(row.signature.person_id == line.row.person_id for row in now.signed)
        why = _("内容已改，等本人重签") if has_signed else _("等本人签字")
    return SiteLine(line, marks, why, waits)


def _why(line: PersonLine, board: Board) -> str:
    """Return in words what keeps somebody from work."""
    if line.row.left_at is not None:
        return _("已离场")
    if line.may_work:
        return _("可以上岗")
    if line.to_sign_late:
        return _("已补交底，待本人签字：%(meetings)s") % {"meetings": _named(line.to_sign_late)}
    if line.to_be_briefed:
        changed = line.standing.voided
        if changed:
            return _("内容已改，须重新交底：%(meetings)s") % {"meetings": _named(changed)}
        return _("未交底：%(meetings)s") % {"meetings": _named(line.to_be_briefed)}
    if board.chain.stage == ChainStage.CALLED_OFF:
        return _("未交底")
    return _("三会未开完")


def _named(meetings: Any) -> str:
    return listed(_(str(Meeting(one).label)) for one in meetings)


def _checks(part: MeetingPart | None) -> list[str]:
    """Return the lines of the playbook's checklist that nobody has answered at the open meeting."""
    if part is None or part.state != "open" or part.activity is None:
        return []
    return [line.title for line in check_lines(part.activity) if line.answer is None]


def _to_note(chain: SiteChain, board: Board) -> list[Person]:
    """Return who may be noted as come: known to the site and not on it now."""
    here = {line.row.person_id for line in board.on_site}
    return [person for person in people_to_note(chain.body, chain.day) if person.pk not in here]


def _duties(board: Board) -> list[str]:
    """Return which duties the chain met (同时计入), each once."""
    found = [row.title for row in obligations_met_by(board.chain)]
    for meeting in ORDER:
        activity = board.part(meeting).activity
        if activity is not None:
            found += [row.title for row in obligations_met_by(activity)]
    return list(dict.fromkeys(found))
