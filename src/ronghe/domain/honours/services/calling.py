"""A body calls for nominations; bodies, groups and, where it is allowed, people themselves name with reasons and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.honours.enums import (
    CALL_FLOW,
    NOMINATION_FLOW,
    Aspect,
    CallState,
    CallWay,
    HolderKind,
    NominationState,
)
from ronghe.domain.honours.facts import CALL_MOVED, CALL_OPENED, NOMINATED, NOMINATION_WITHDRAWN
from ronghe.domain.honours.models import Honour, HonourCall, HonourTitle, Nomination, NominationEvidence
from ronghe.domain.honours.rules import CHANGE_NOMINATION, CONVENE, NAME_ONESELF, NOMINATE, RUN_CALL
from ronghe.domain.honours.selectors.register import people_of
from ronghe.domain.honours.selectors.selection import records_offered, vetoes_for
from ronghe.domain.honours.services.register import HolderUnfit, TitleRetired
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import keys_of
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.db.tree import descendants
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

MOST_PLACES = 200
MOST_VETO_MONTHS = 36
MOST_NOTICE_DAYS = 30


class CallUnfit(DomainError):
    code = "call_unfit"
    sentence = N_(
        "请核对：名额 1 至 %(places)s 名，提名截止不早于今天，公示 1 至 %(days)s 个工作日，否决看 0 至 %(months)s 个月。"
    )
    status = 422


class NamingOver(DomainError):
    code = "naming_over"
    sentence = N_("提名到 %(until)s 截止，现在的状态是“%(state)s”，不能再提名。")


class BodyOutside(DomainError):
    code = "body_outside"
    sentence = N_("“%(body)s”不在“%(caller)s”之下，不在这次评选的范围内。")
    status = 422


class NotOfThatBody(DomainError):
    code = "not_of_that_body"
    sentence = N_("%(name)s不在“%(body)s”，请由所在的党组织提名。")
    status = 422


class BodyQuotaFull(DomainError):
    code = "body_quota_full"
    sentence = N_("“%(body)s”最多提名 %(quota)s 名，已经提满；要换人请先撤回一名。")


class VetoStands(DomainError):
    code = "veto_stands"
    sentence = N_("“%(name)s”有一票否决（%(items)s，%(day)s），在期限内不能参评。请核对否决记录；否决撤销后可以再提。")


class NamedAlready(DomainError):
    code = "named_already"
    sentence = N_("“%(name)s”在这次评选里已经提名，不用再提。")


class ReasonsMissing(DomainError):
    code = "reasons_missing"
    sentence = N_("请写明推荐的理由。")
    status = 422


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    sentence = N_("请写明证明什么，或选一条记录、附一个文件。")
    status = 422


class RecordElsewhere(DomainError):
    code = "record_elsewhere"
    sentence = N_("这条记录不是被提名者的，或已经用过，请从列出的记录里选。")
    status = 422


class CallOffReasonMissing(DomainError):
    code = "call_off_reason_missing"
    sentence = N_("请写明取消的原因，大家会看到。")
    status = 422


@dataclass(frozen=True, slots=True)
class CallText:
    """What a call says. Without `aspects` those of the title are vetted, without days and months those of the body's playbook hold."""

    title: HonourTitle
    year: int
    quota: int
    nominate_until: date
    quota_per_body: int = 1
    allows_self: bool = False
    way: CallWay = CallWay.BALLOT
    terms: str = ""
    notice_days: int | None = None
    veto_months: int | None = None
    aspects: Sequence[str] | None = None


@transaction.atomic
def open_call(*, body: PartyOrg, text: CallText, actor: Person, at: datetime) -> HonourCall:
    """Call for nominations; everybody can read it from now on (G3).

    :raises TitleRetired: the title is no longer given
    :raises CallUnfit: numbers or days out of reach
    """
    CONVENE.require(actor, body, at=at)
    if text.title.is_retired:
        raise TitleRetired(title=text.title.name)
    today = local_day(at)
    usual = keys_of(("notice_days", "honour_veto_months"), body.pk, today)
    notice_days = min(usual["notice_days"], MOST_NOTICE_DAYS) if text.notice_days is None else text.notice_days
    veto_months = usual["honour_veto_months"] if text.veto_months is None else text.veto_months
    fits = (
        1 <= text.quota <= MOST_PLACES and 1 <= text.quota_per_body <= MOST_PLACES
        and today <= text.nominate_until <= date(today.year + 2, 1, 1) and today.year - 2 <= text.year <= today.year + 1
        and 1 <= notice_days <= MOST_NOTICE_DAYS and 0 <= veto_months <= MOST_VETO_MONTHS
    )  # fmt: skip
    if not fits:
        raise CallUnfit(places=MOST_PLACES, days=MOST_NOTICE_DAYS, months=MOST_VETO_MONTHS)
    wanted = set(text.title.aspects if text.aspects is None else text.aspects)
    call = HonourCall.objects.create(
        body=body, title=text.title, year=text.year, terms=text.terms.strip(), quota=text.quota,
        quota_per_body=text.quota_per_body, allows_self=text.allows_self and text.title.goes_to == HolderKind.PERSON,
        nominate_until=text.nominate_until, way=text.way, veto_months=veto_months, notice_days=notice_days,
        aspects=[aspect.value for aspect in Aspect if aspect.value in wanted], opened_by=actor, opened_at=at,
    )  # fmt: skip
    attributes = {"until": text.nominate_until, "quota": text.quota}
    record(Draft(CALL_OPENED, at, actor, body=body.pk, attributes=attributes, source=call))
    return call


@transaction.atomic
def nominate(
    *, call: HonourCall, by_body: PartyOrg, reasons: str, actor: Person, at: datetime, person: Person | None = None,
    team: str = "",
) -> Nomination:  # fmt: skip
    """Name a person or a team of `by_body`, or the body itself, as the title goes.

    Where the call allows it, people name themselves in the name of their own body. A veto in force shuts out (AP-01, RT-07).

    :raises NamingOver: it is too late
    :raises BodyOutside, NotOfThatBody, HolderUnfit, ReasonsMissing: what does not fit the call
    :raises VetoStands: a veto within the call's months
    :raises BodyQuotaFull: the body has named as many as it may
    :raises NamedAlready: somebody was quicker
    """
    is_self = person is not None and person.pk == actor.pk
    names_oneself = is_self and call.allows_self and NAME_ONESELF.allows(actor, by_body, at=at)
    if not names_oneself and not NOMINATE.allows(actor, by_body, at=at):
        raise NotAllowed(permission=NOMINATE.name)
    fresh = HonourCall.objects.select_for_update().get(pk=call.pk)
    day, team = local_day(at), " ".join(team.split())[:80]
    if fresh.state != CallState.NAMING or day > fresh.nominate_until:
        raise NamingOver(until=fresh.nominate_until, state=fresh.get_state_display())
    if not descendants(PartyOrg, [call.body_id], day=day).filter(descendant_id=by_body.pk).exists():
        raise BodyOutside(body=by_body.name, caller=call.body.name)
    told = HolderKind.PERSON if person is not None else HolderKind.TEAM if team else HolderKind.BODY
    if told != call.title.goes_to:
        raise HolderUnfit(title=call.title.name, kind=call.title.get_goes_to_display())
    if person is not None and not people_of(by_body, day).filter(pk=person.pk).exists():
        raise NotOfThatBody(name=person.name, body=by_body.name)
    if not reasons.strip():
        raise ReasonsMissing
    name = person.name if person is not None else team or by_body.name
    refuse_vetoed(fresh, name=name, body=by_body, person=person, day=day)
    named = fresh.nominations.filter(by_body=by_body).exclude(state=NominationState.WITHDRAWN)
    if named.count() >= fresh.quota_per_body:
        raise BodyQuotaFull(body=by_body.name, quota=fresh.quota_per_body)
    try:
        with transaction.atomic():
            made = Nomination.objects.create(
                call=call, by_body=by_body, body=by_body, person=person, team=team, holder_name=name[:80],
                reasons=reasons.strip(), named_by=actor, named_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NamedAlready(name=name) from error
    record(
        Draft(NOMINATED, at, actor, about=person, body=by_body.pk, attributes={"holder": made.kind.value}, source=made)
    )
    return made


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, actor: Person, at: datetime) -> Nomination:
    """Take a nomination back, until vetting begins.

    :raises StepNotAllowed: vetting has begun, or it is taken back
    """
    CHANGE_NOMINATION.require(actor, nomination, at=at)
    _require_naming(nomination.call)
    NOMINATION_FLOW.advance(nomination, "withdraw")
    record(
        Draft(NOMINATION_WITHDRAWN, at, actor, about=nomination.person, body=nomination.by_body_id, source=nomination)
    )
    return nomination


def add_evidence(
    *, nomination: Nomination, actor: Person, at: datetime, words: str = "", aspect: str = "", task: Task | None = None,
    honour: Honour | None = None, upload: Upload | None = None,
) -> NominationEvidence:  # fmt: skip
    """Tell what speaks for a nomination: a record that is there already, a file, or words; until vetting begins.

    :raises EvidenceMissing: nothing at all
    :raises RecordElsewhere: a record of somebody else, or one that is told already
    :raises StepNotAllowed: vetting has begun
    """
    CHANGE_NOMINATION.require(actor, nomination, at=at)
    if not words.strip() and task is None and honour is None and upload is None:
        raise EvidenceMissing
    file = prepare_file(upload) if upload is not None else None
    with transaction.atomic():
        _require_naming(nomination.call)
        tasks, honours = records_offered(nomination)
        if (task is not None and task not in tasks) or (honour is not None and honour not in honours):
            raise RecordElsewhere
        return NominationEvidence.objects.create(
            nomination=nomination, aspect=aspect if aspect in Aspect.values else "", words=words.strip(), task=task,
            honour=honour, file=keep_file(file, at=at) if file is not None else None,
            file_name=file.name[:120] if file is not None else "", added_by=actor, added_at=at,
        )  # fmt: skip


@transaction.atomic
def begin_vetting(*, call: HonourCall, actor: Person, at: datetime) -> HonourCall:
    """End naming, also before its last day, and let the opinions be given.

    :raises StepNotAllowed: naming is over
    """
    RUN_CALL.require(actor, call, at=at)
    CALL_FLOW.advance(call, "vet")
    record_move(call, actor, at)
    return call


@transaction.atomic
def call_off(*, call: HonourCall, reason: str, actor: Person, at: datetime) -> HonourCall:
    """Call a selection off, with the reason; nominations stay on record.

    :raises CallOffReasonMissing: no words
    :raises StepNotAllowed: it is awarded, or people are voting
    """
    RUN_CALL.require(actor, call, at=at)
    if not reason.strip():
        raise CallOffReasonMissing
    CALL_FLOW.advance(call, "call_off", decision=reason.strip())
    call.nominations.filter(state=NominationState.PROPOSED).update(state=NominationState.NAMED)
    record_move(call, actor, at)
    return call


def refuse_vetoed(call: HonourCall, *, name: str, body: PartyOrg, person: Person | None, day: date) -> None:
    """:raises VetoStands: a veto that fell within the call's months and was not taken back"""
    found = vetoes_for(call, body_id=body.pk, person=person, day=day)
    if found:
        items = ", ".join(str(fact.values.get("item", "")) for fact in found)
        raise VetoStands(name=name, items=items, day=local_day(found[-1].occurred_at))


def record_move(call: HonourCall, actor: Person, at: datetime) -> None:
    record(Draft(CALL_MOVED, at, actor, body=call.body_id, attributes={"state": call.state}, source=call))


def _require_naming(call: HonourCall) -> None:
    fresh = HonourCall.objects.select_for_update().get(pk=call.pk)
    if fresh.state != CallState.NAMING:
        raise StepNotAllowed(state=fresh.get_state_display())
