"""Teams are called up in one act, neighbours asked for help, the command passed on, a false alarm called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.carriers.enums import CALL_FLOW, TEAM_FLOW, CarrierState, Occasion, TeamState
from ronghe.domain.carriers.facts import CALLED, CALLED_OFF, COMMAND_PASSED, TEAM_ASKED, TEAM_DECLINED
from ronghe.domain.carriers.models import CallPerson, CallTeam, CallUp, Carrier, CarrierMember, ShiftPerson
from ronghe.domain.carriers.rules import CALL_UP, COMMAND, SEND_TEAM
from ronghe.domain.carriers.services.running import TeamBusy
from ronghe.domain.carriers.services.telling import locked_call, take_back, tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import N_, listed

MOST_TEAMS = 12
EARLIEST = timedelta(hours=1)
"""A rally may have begun: whoever calls on the way still types the hour that was shouted across the yard."""


class NoTeam(DomainError):
    code = "call_no_team"
    sentence = N_("请选要集结的队伍，最多 %(most)s 支。")
    status = 422


class NotCallable(DomainError):
    code = "call_not_callable"
    sentence = N_("“%(name)s”不能集结：只有创建中的先锋队、突击队可以集结。")


class NobodyCalled(DomainError):
    code = "call_nobody"
    sentence = N_("%(names)s现在没有队员，集结不到人。请先编入队员。")


class PlaceUnnamed(DomainError):
    code = "call_place_missing"
    sentence = N_("请写明在哪里，好让队员知道往哪里去。")
    status = 422


class RallyPast(DomainError):
    code = "call_rally_past"
    sentence = N_("集合时间已经过去，请改成还来得及的时间。")
    status = 422


class CallOver(DomainError):
    code = "call_over"
    sentence = N_("这次集结的状态是“%(state)s”，不能再这样做。")


class DeclineReasonMissing(DomainError):
    code = "call_decline_reason"
    sentence = N_("请写明为什么不能支援。")
    status = 422


class CallOffReasonMissing(DomainError):
    code = "call_off_reason"
    sentence = N_("请写明为什么取消，例如：误报。")
    status = 422


class WorkDone(DomainError):
    code = "call_work_done"
    sentence = N_("已经有人值过班，不能取消。请解除集结，写明结果。")


class NotOnRoster(DomainError):
    code = "call_not_on_roster"
    sentence = N_("%(name)s没有被集结，不能指挥。请从名单里选。")
    status = 422


@dataclass(frozen=True, slots=True)
class CallText:
    """What people are called up for. The rally is at the place, in as many minutes as the playbook says, unless told."""

    occasion: Occasion
    place: str
    what: str = ""
    rally_place: str = ""
    rally_at: datetime | None = None


@transaction.atomic
def call_up(*, teams: Sequence[Carrier], text: CallText, actor: Person, at: datetime) -> CallUp:
    """Call teams up at once: everybody in them has it on the day's page and through every channel, at any hour.

    A team over which the actor has no say is asked for help instead; the first one that has is the one that the call-up
    belongs to. Whoever is in two teams is called once.

    :raises NotAllowed: the actor may call up none of the teams
    :raises NoTeam, PlaceUnnamed, RallyPast: what is missing
    :raises NotCallable: no active team
    :raises TeamBusy: it is called up already
    :raises NobodyCalled: nobody is in it
    """
    if not 1 <= len(teams) <= MOST_TEAMS:
        raise NoTeam(most=MOST_TEAMS)
    fresh = _locked_teams(teams)
    own = [team for team in fresh if CALL_UP.allows(actor, team, at=at)]
    if not own:
        raise NotAllowed(permission=CALL_UP.name)
    if not text.place.strip():
        raise PlaceUnnamed
    if text.rally_at is not None and text.rally_at < at - EARLIEST:
        raise RallyPast
    first = own[0]
    minutes = key_of("callup_rally_minutes", first.body, local_day(at))
    call = CallUp.objects.create(
        occasion=text.occasion, what=text.what.strip(), place=text.place.strip(),
        rally_place=text.rally_place.strip() or text.place.strip(),
        rally_at=text.rally_at or at + timedelta(minutes=minutes), body=first.body, zone=first.zone,
        project=first.project, called_by=actor, called_at=at, commander=actor,
    )  # fmt: skip
    called = [_join(call, team, actor, at) for team in own]
    if not any(called):
        raise NobodyCalled(names=listed(f"“{team.name}”" for team in own))
    for team in fresh:
        if team not in own:
            _ask(call, team, actor, at)
    return call


@transaction.atomic
def add_team(*, call: CallUp, team: Carrier, actor: Person, at: datetime) -> CallTeam:
    """Call another team to a call-up, or ask a neighbour's for help where the actor has no say over it.

    :raises NotAllowed: the actor does not command
    :raises CallOver: it is not under way
    :raises NotCallable, TeamBusy, NobodyCalled: as for calling up
    """
    COMMAND.require(actor, call, at=at)
    fresh = _running(call)
    (locked,) = _locked_teams([team])
    known = fresh.teams.filter(carrier=locked).first()
    may_call = CALL_UP.allows(actor, locked, at=at)
    if known is not None and known.state != TeamState.DECLINED:
        raise TeamBusy(name=locked.name)
    if not may_call:
        return _ask(fresh, locked, actor, at, known)
    if not _join(fresh, locked, actor, at, known, step="call_again"):
        raise NobodyCalled(names=f"“{locked.name}”")
    return fresh.teams.get(carrier=locked)


@transaction.atomic
def answer_request(*, team: CallTeam, sends: bool, actor: Person, at: datetime, note: str = "") -> CallTeam:
    """Send a team where its help was asked for, or say why it cannot go.

    :raises NotAllowed: the actor neither leads the team nor its body
    :raises CallOver: the call-up is over
    :raises DeclineReasonMissing: no words
    :raises StepNotAllowed: it was answered
    """
    SEND_TEAM.require(actor, team, at=at)
    call = _running(team.call)
    if sends:
        (carrier,) = _locked_teams([team.carrier])
        if not _join(call, carrier, actor, at, team, step="send"):
            raise NobodyCalled(names=f"“{carrier.name}”")
        return team
    if not note.strip():
        raise DeclineReasonMissing
    TEAM_FLOW.advance(team, "decline", answered_by=actor, answered_at=at, note=note.strip()[:200])
    tell_of(call, TEAM_DECLINED, actor, at, body=team.carrier.body_id)
    return team


@transaction.atomic
def pass_command(*, call: CallUp, to: Person, actor: Person, at: datetime) -> CallUp:
    """Let somebody who is called up command from now on.

    :raises NotAllowed: the actor does not command
    :raises CallOver: it is not under way
    :raises NotOnRoster: the person is not called up
    """
    COMMAND.require(actor, call, at=at)
    fresh = _running(call)
    if not fresh.roster.filter(person=to).exists():
        raise NotOnRoster(name=to.name)
    CallUp.objects.filter(pk=fresh.pk).update(commander=to)
    tell_of(fresh, COMMAND_PASSED, actor, at, about=to)
    call.commander = to
    return call


@transaction.atomic
def call_off(*, call: CallUp, reason: str, actor: Person, at: datetime) -> CallUp:
    """Call a false alarm off: the calls are reversed; what people answered stays.

    :raises NotAllowed: the actor does not command
    :raises CallOffReasonMissing: no words
    :raises WorkDone: a shift was held, so it is stood down with its result
    :raises StepNotAllowed: it is not under way
    """
    COMMAND.require(actor, call, at=at)
    if not reason.strip():
        raise CallOffReasonMissing
    if ShiftPerson.objects.filter(shift__call=call, is_held=True).exists():
        raise WorkDone
    CALL_FLOW.advance(call, "call_off", ended_by=actor, ended_at=at, result=reason.strip()[:1000])
    free_teams(call)
    call.shifts.filter(closed_at=None).delete()  # nobody is on in what does not take place
    calls = Fact.objects.filter(kind=CALLED.name, source_type=call._meta.label_lower, source_id=call.pk, reverses=None)  # noqa: SLF001
    for fact in calls.order_by("pk").values_list("pk", flat=True):
        take_back(fact, actor, at)
    tell_of(call, CALLED_OFF, actor, at)
    return call


def free_teams(call: CallUp) -> None:
    """Let the teams of a call-up be called up elsewhere."""
    call.teams.filter(is_busy=True).update(is_busy=False)


def bind_teams(call: CallUp) -> None:
    """Let the teams of a call-up be busy again.

    :raises TeamBusy: one is called up elsewhere meanwhile
    """
    for team in call.teams.filter(state=TeamState.CALLED).select_related("carrier").order_by("pk"):
        try:
            with transaction.atomic():
                CallTeam.objects.filter(pk=team.pk).update(is_busy=True)
        except IntegrityError as error:
            raise TeamBusy(name=team.carrier.name) from error


def _locked_teams(teams: Sequence[Carrier]) -> list[Carrier]:
    """Return the teams in their order, held until the transaction ends and found fit to be called.

    :raises NotCallable: no active team
    """
    rows = Carrier.objects.select_for_update(of=("self",)).filter(pk__in=[team.pk for team in teams])
    by_key = {team.pk: team for team in rows.select_related("body", "zone", "project", "lead").order_by("pk")}
    fresh = [by_key[key] for key in dict.fromkeys(team.pk for team in teams)]
    for team in fresh:
        if team.state != CarrierState.ACTIVE or not team.spec.is_team:
            raise NotCallable(name=team.name)
    return fresh


def _running(call: CallUp) -> CallUp:
    fresh = locked_call(call)
    if not fresh.is_running:
        raise CallOver(state=fresh.get_state_display())
    return fresh


def _ask(call: CallUp, team: Carrier, actor: Person, at: datetime, known: CallTeam | None = None) -> CallTeam:
    if known is not None:
        TEAM_FLOW.advance(known, "ask_again", asked_by=actor, asked_at=at, note="")
    else:
        known = CallTeam.objects.create(call=call, carrier=team, state=TeamState.ASKED, asked_by=actor, asked_at=at)
    tell_of(call, TEAM_ASKED, actor, at, body=team.body_id)
    return known


def _join(
    call: CallUp, carrier: Carrier, actor: Person, at: datetime, known: CallTeam | None = None, *, step: str = ""
) -> int:
    """Put a team and its people of today on the roster; returns how many of them were not there yet."""
    try:
        with transaction.atomic():
            if known is None:
                known = CallTeam.objects.create(
                    call=call, carrier=carrier, state=TeamState.CALLED, is_busy=True, asked_by=actor, asked_at=at
                )
            else:
                TEAM_FLOW.advance(known, step, is_busy=True, answered_by=actor, answered_at=at)
    except IntegrityError as error:
        raise TeamBusy(name=carrier.name) from error
    there = set(call.roster.values_list("person_id", flat=True))
    inside = CarrierMember.objects.filter(on_day(local_day(at)), carrier=carrier).order_by("pk")
    wanted = [key for key in inside.values_list("person_id", flat=True) if key not in there]
    CallPerson.objects.bulk_create(CallPerson(call=call, team=known, person_id=key) for key in wanted)
    if wanted:
        tell_of(call, CALLED, actor, at, body=carrier.body_id, people=len(wanted))
    return len(wanted)
