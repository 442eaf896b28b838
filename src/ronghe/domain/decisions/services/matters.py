"""A matter is raised from the list, prepared with its papers and checks, or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.decisions.enums import MATTER_FLOW, UNDECIDED, Category, Departure, Edition, Forum
from ronghe.domain.decisions.facts import MATTER_PREPARED, MATTER_RAISED, MATTER_WITHDRAWN
from ronghe.domain.decisions.models import (
    ListEntry,
    Matter,
    MatterAvoidance,
    MatterDeparture,
    MatterPaper,
    ProcedureRules,
)
from ronghe.domain.decisions.rules import RAISE_MATTER, RUN_MATTER, WITHDRAW_MATTER
from ronghe.domain.decisions.selectors.matters import members_of
from ronghe.domain.decisions.selectors.rulebooks import in_force
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class MatterEmpty(DomainError):
    code = "matter_empty"
    sentence = N_("请写明要决定的是什么事。")
    status = 422


class OutsideTheList(DomainError):
    code = "outside_the_list"
    sentence = N_(
        "这件事不在“%(body)s”现行的决策事项清单里。请从清单里选；确需上会的，写明清单以外上会的原因，原因会留在记录里。"
    )
    status = 422


class EntryNotInForce(DomainError):
    code = "entry_not_in_force"
    sentence = N_("“%(title)s”所在的清单不是“%(body)s”的现行清单，请从现行清单里选。")
    status = 422


class PapersMissing(DomainError):
    code = "papers_missing"
    sentence = N_("还没有上会材料，请先附上。")


class LegalCheckMissing(DomainError):
    code = "legal_check_missing"
    sentence = N_("清单要求“%(title)s”先做合法合规审查，请先写明谁审查、意见是什么。")


class ConsultationMissing(DomainError):
    code = "consultation_missing"
    sentence = N_("清单要求“%(title)s”先听取%(consulted)s的意见，请先写明听取的情况。")


class NotAMember(DomainError):
    code = "not_a_member_here"
    sentence = N_("%(name)s在这里没有表决权，不用回避。")
    status = 422


class NoAvoidanceHere(DomainError):
    code = "no_avoidance_here"
    sentence = N_("“%(body)s”的议事规则没有回避，全体有表决权的人都计入。要回避请先更新议事规则。")


class ReasonMissing(DomainError):
    code = "matter_reason_missing"
    sentence = N_("请写明原因。")
    status = 422


class DecidedAlready(DomainError):
    code = "decided_already"
    sentence = N_("这件事的状态是“%(state)s”，不能再改。")


@transaction.atomic
def raise_matter(
    *, body: PartyOrg, title: str, actor: Person, at: datetime, entry: ListEntry | None = None, summary: str = "",
    category: str = Category.DECISION, forum: str = Forum.PARTY_COMMITTEE, outside_reason: str = "",
) -> Matter:  # fmt: skip
    """Raise a matter from a line of the list in force; category and forum are the line's.

    Without a line it stands outside the list: then the reason is wanted, and stays on record.

    :raises MatterEmpty: no title
    :raises EntryNotInForce: the line is of an old version, a draft or another body
    :raises OutsideTheList: no line and no reason
    """
    RAISE_MATTER.require(actor, body, at=at)
    title = title.strip() or (entry.title if entry is not None else "")
    if not title:
        raise MatterEmpty
    if entry is not None:
        if entry.of_list.body_id != body.pk or entry.of_list.state != Edition.IN_FORCE:
            raise EntryNotInForce(title=entry.title, body=body.name)
        category, forum = entry.category, entry.forum
    elif not outside_reason.strip():
        raise OutsideTheList(body=body.name)
    matter = Matter.objects.create(
        body=body, entry=entry, title=title, summary=summary.strip(), category=category, forum=forum, raised_by=actor,
        raised_at=at,
    )  # fmt: skip
    if entry is None:
        note_departure(matter, Departure.OUTSIDE_LIST, outside_reason, actor, at)
    attributes = {"category": category, "on_list": entry is not None}
    record(Draft(MATTER_RAISED, at, actor, body=body.pk, attributes=attributes, source=matter))
    return matter


@transaction.atomic
def note_checks(
    *, matter: Matter, legal_checked_by: str, legal_opinion: str, consulted_note: str, actor: Person, at: datetime
) -> Matter:
    """Write down who checked the matter against the law and what they said, and whom one heard.

    :raises DecidedAlready: it is over
    """
    RUN_MATTER.require(actor, matter, at=at)
    require_undecided(matter)
    matter.legal_checked_by, matter.legal_opinion = legal_checked_by.strip(), legal_opinion.strip()
    matter.consulted_note = consulted_note.strip()
    matter.save(update_fields=["legal_checked_by", "legal_opinion", "consulted_note"])
    return matter


def add_paper(*, matter: Matter, upload: Upload, actor: Person, at: datetime) -> MatterPaper:
    """Add a paper to what the meeting is given; the same one a second time gives the first.

    :raises DecidedAlready: it is over
    :raises DomainError: the file is none that is kept
    """
    RUN_MATTER.require(actor, matter, at=at)
    require_undecided(matter)
    file = prepare_file(upload)
    with transaction.atomic():
        paper, _is_new = MatterPaper.objects.get_or_create(
            matter=matter, file=keep_file(file, at=at),
            defaults={"name": file.name, "added_by": actor, "added_at": at},
        )  # fmt: skip
    return paper


@transaction.atomic
def note_avoidance(*, matter: Matter, person: Person, reason: str, actor: Person, at: datetime) -> MatterAvoidance:
    """Say that a member is concerned and leaves when the matter is dealt with; he is counted nowhere.

    :raises ReasonMissing: no words
    :raises NoAvoidanceHere: the rules of procedure know none
    :raises NotAMember: the person has no vote there
    :raises DecidedAlready: it is over
    """
    RUN_MATTER.require(actor, matter, at=at)
    require_undecided(matter)
    if not reason.strip():
        raise ReasonMissing
    rules = in_force(ProcedureRules, matter.body_id)
    if rules is not None and not rules.avoids:
        raise NoAvoidanceHere(body=matter.body.name)
    if not members_of(matter.forum, matter.body, local_day(at)).filter(pk=person.pk).exists():
        raise NotAMember(name=person.name)
    row, _is_new = MatterAvoidance.objects.update_or_create(
        matter=matter, person=person, defaults={"reason": reason.strip(), "noted_by": actor, "noted_at": at}
    )
    return row


@transaction.atomic
def take_back_avoidance(*, avoidance: MatterAvoidance, actor: Person, at: datetime) -> None:
    """Take back an avoidance noted by mistake.

    :raises DecidedAlready: it is over
    """
    RUN_MATTER.require(actor, avoidance.matter, at=at)
    require_undecided(avoidance.matter)
    avoidance.delete()


@transaction.atomic
def prepare_matter(*, matter: Matter, actor: Person, at: datetime) -> Matter:
    """Say that the matter is ready for a meeting.

    :raises PapersMissing: nothing was put before the meeting
    :raises LegalCheckMissing, ConsultationMissing: the list asks for it
    :raises StepNotAllowed: it is ready, or over
    """
    RUN_MATTER.require(actor, matter, at=at)
    papers = matter.papers.count()
    if not papers and not matter.summary:
        raise PapersMissing
    entry = matter.entry
    if entry is not None and entry.needs_legal_check and not (matter.legal_opinion and matter.legal_checked_by):
        raise LegalCheckMissing(title=entry.title)
    if entry is not None and entry.consulted and not matter.consulted_note:
        raise ConsultationMissing(title=entry.title, consulted=entry.consulted)
    MATTER_FLOW.advance(matter, "prepare")
    record(Draft(MATTER_PREPARED, at, actor, body=matter.body_id, attributes={"papers": papers}, source=matter))
    return matter


@transaction.atomic
def withdraw_matter(*, matter: Matter, actor: Person, at: datetime) -> Matter:
    """Take a matter back that no meeting has dealt with yet.

    :raises StepNotAllowed: it is on an agenda, or decided
    """
    WITHDRAW_MATTER.require(actor, matter, at=at)
    MATTER_FLOW.advance(matter, "withdraw", closed_at=at)
    record(Draft(MATTER_WITHDRAWN, at, actor, body=matter.body_id, source=matter))
    return matter


def note_departure(matter: Matter, kind: Departure, reason: str, actor: Person, at: datetime) -> MatterDeparture:
    """Put on record how a matter left the rules, and why: part of the act that leaves them."""
    return MatterDeparture.objects.create(matter=matter, kind=kind, reason=reason.strip(), noted_by=actor, noted_at=at)


def require_undecided(matter: Matter) -> None:
    """:raises DecidedAlready: it is over, or being carried out"""
    if matter.state not in UNDECIDED:
        raise DecidedAlready(state=matter.get_state_display())
