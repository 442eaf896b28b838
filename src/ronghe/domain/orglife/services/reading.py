"""Sealed words are opened for whoever may read them; somebody else's look is recorded first."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.models import LifeSession, Measure, SessionMember
from ronghe.domain.orglife.rules import READ_COMMITTEE_OPINIONS, READ_PERSONAL, READ_STATEMENT, SEE_MEASURE
from ronghe.domain.orglife.selectors.members import peer_sums
from ronghe.domain.orglife.selectors.reading import Personal, Said
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.sealed import open_text

COMPARTMENT = "org_life"
MEASURES = "org_life_measure"


def read_statement(*, member: SessionMember, actor: Person, at: datetime) -> str:
    """Return the member's statement, "" where there is none."""
    READ_STATEMENT.require(actor, member, at=at)
    _look(member, actor, at, COMPARTMENT)
    return _opened(member.statement_sealed)


def read_personal(*, member: SessionMember, actor: Person, at: datetime) -> Personal:
    """Return what was said of the member: opinions, criticism, comments of ratings, the own appraisal, reasons, objection.

    Comments come only where enough have rated, without names; reasons only once they are told, to the member.
    """
    READ_PERSONAL.require(actor, member, at=at)
    _look(member, actor, at, COMPARTMENT)
    is_mine = member.person_id == actor.pk
    sums = peer_sums(member.session).get(member.pk)
    objection = getattr(member, "objection", None)
    shows_reasons = member.session.told_at is not None or not is_mine
    opinions = member.opinions.select_related("author").order_by("pk")
    criticisms = member.criticisms.select_related("said_by").order_by("pk")
    return Personal(
        [Said(open_text(row.sealed), row.author.name if row.author else "", row.day) for row in opinions],
        [Said(open_text(row.sealed), row.said_by.name, row.noted_at.date()) for row in criticisms],
        sums.comments if sums is not None and sums.shown(member.session.least_shown) is not None else [],
        _opened(member.self_sealed), _opened(member.reasons_sealed) if shows_reasons else "",
        _opened(objection.sealed) if objection else "", _opened(objection.answer_sealed) if objection else "",
    )  # fmt: skip


def read_measure(*, member: SessionMember, actor: Person, at: datetime) -> tuple[Measure, str] | None:
    """Return the help or disposal after a poor grade with its reasons, none where there is none."""
    SEE_MEASURE.require(actor, member, at=at)
    measure: Measure | None = getattr(member, "measure", None)
    if measure is None:
        return None
    _look(member, actor, at, MEASURES)
    return measure, open_text(measure.sealed)


def read_committee_opinions(*, session: LifeSession, actor: Person, at: datetime) -> list[Said]:
    """Return the opinions on the committee as a whole."""
    READ_COMMITTEE_OPINIONS.require(actor, session, at=at)
    record_look(by=actor, about=None, compartment=COMPARTMENT, at=at)
    rows = session.opinions.filter(about=None).select_related("author").order_by("pk")
    return [Said(open_text(row.sealed), row.author.name if row.author else "", row.day) for row in rows]


def _look(member: SessionMember, actor: Person, at: datetime, compartment: str) -> None:
    if member.person_id != actor.pk:
        record_look(by=actor, about=member.person, compartment=compartment, at=at)


def _opened(sealed: str) -> str:
    return open_text(sealed) if sealed else ""
