"""What waits for somebody here: an answer to a call-up before everything else, then what is to be led, judged and decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from ronghe.domain.carriers.enums import Answer, CallState, Occasion
from ronghe.domain.carriers.models import CallPerson
from ronghe.domain.carriers.selectors.calls import calls_of, calls_to_run, calls_to_verify, teams_to_send
from ronghe.domain.carriers.selectors.carriers import carriers_due, carriers_to_decide
from ronghe.domain.carriers.services.answering import answer_call, arrive, take_back_arrival
from ronghe.domain.carriers.services.calling import answer_request
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.inbox import Act, Done, Inbox, Row, Says, Telling, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _

COMING, HERE, NOT_HERE, SEND = "coming", "here", "not-here", "send"


def _answers(person: Person, _at: datetime) -> Any:
    """Return the call-ups under way that the person has not answered or not reached yet."""
    return calls_of(person).filter(answer__in=[Answer.NONE, Answer.COMING])


def _tell_answer(row: Row, _person: Person, _at: datetime) -> Telling:
    answer, _bar, occasion = row.code.partition("|")
    title = _("紧急集结：%(occasion)s，%(place)s") % {"occasion": Occasion(occasion).label, "place": row.what}
    if answer == Answer.COMING:
        return Telling(title, _("您已答“来”，到了请点“已到”"), "running", (Act(_("已到"), HERE),), is_now=True)
    acts = (Act(_("来"), COMING), Act(_("来不了")), Act(_("已到"), HERE, is_aside=True))
    return Telling(title, _("%(name)s指挥，请马上应答") % {"name": row.who}, "failed", acts, is_now=True)


def _do_answer(pk: int, act: str, person: Person, at: datetime) -> Done:
    row = calls_of(person).filter(pk=pk).first()
    if row is None:
        raise NotFound
    if act == COMING:
        answer_call(row=row, answer=Answer.COMING, actor=person, at=at)
        return Done(_("已应答：来。"), page=("callup_detail", row.call_id))
    if act == HERE:
        arrive(row=row, actor=person, at=at)
        return Done(_("已记下：您到了。"), undo=NOT_HERE)
    if act == NOT_HERE:
        take_back_arrival(row=row, actor=person, at=at)
        return Done(_("已撤销到位。"))
    raise NotFound


def _led(person: Person, at: datetime) -> Any:
    roster = CallPerson.objects.filter(call=OuterRef("pk")).order_by()
    return calls_to_run(person, at).annotate(
        here=Coalesce(Subquery(_count(roster.filter(answer=Answer.ARRIVED)), output_field=IntegerField()), 0),
        called=Coalesce(Subquery(_count(roster), output_field=IntegerField()), 0),
    )


def _count(rows: Any) -> Any:
    return rows.values("call_id").annotate(n=Count("pk")).values("n")


def _tell_led(row: Row, _person: Person, _at: datetime) -> Telling:
    state, _bar, occasion = row.code.partition("|")
    title = _("%(occasion)s集结：%(place)s") % {"occasion": Occasion(occasion).label, "place": row.what}
    if state == CallState.DISPUTED:
        return Telling(title, _("成效被退回，请改正后重新上报"), "attention")
    why = _("集结中，到位 %(here)s / %(called)s 人") % {"here": row.one or 0, "called": row.two or 0}
    return Telling(title, why, "running", weight=Weight.HEAVY)


def _tell_request(row: Row, _person: Person, _at: datetime) -> Telling:
    return Telling(row.what, _("邻队请求支援，等您答复"), "failed", (Act(_("出动"), SEND), Act(_("不能支援"))))


def _do_send(pk: int, act: str, person: Person, at: datetime) -> Done:
    team = teams_to_send(person, at).filter(pk=pk).first()
    if team is None or act != SEND:
        raise NotFound
    answer_request(team=team, sends=True, actor=person, at=at)
    return Done(_("已出动，队员都收到了集结。"), page=("callup_detail", team.call_id))


INBOXES = (
    Inbox("call_answers", N_("紧急集结，请应答"), "callups", _answers, Topic.WORK,
          Says(what="call__place", who="call__commander__name", where="call__rally_place", due_at="call__rally_at",
               code=Concat("answer", Value("|"), "call__occasion", output_field=CharField()), args=("call_id",)),
          page="callup_detail", weight=Weight.HEAVY, is_owed=True, tell=_tell_answer, do=_do_answer),
    Inbox("calls_led", N_("集结等您指挥"), "callups", _led, Topic.WORK,
          Says(what="place", where="body__name", since="called_at", figures=("here", "called"),
               code=Concat("state", Value("|"), "occasion", output_field=CharField())),
          page="callup_detail", weight=Weight.HEAVY, tell=_tell_led),
    Inbox("call_requests", N_("邻队请求支援，等您答复"), "callups", teams_to_send, Topic.DECIDING,
          Says(what="call__place", where="carrier__name", since="asked_at", args=("call_id",)), page="callup_detail",
          weight=Weight.HEAVY, tell=_tell_request, do=_do_send),
    Inbox("calls_to_verify", N_("集结成效等您核实"), "callups", calls_to_verify, Topic.DECIDING,
          Says(what="place", where="body__name", since="ended_at"), page="callup_detail"),
    Inbox("carriers_decide", N_("先锋载体等您批准"), "carriers", carriers_to_decide, Topic.DECIDING,
          Says(what="name", where="body__name", since="proposed_at"), page="carrier_detail"),
    Inbox("carriers_due", N_("先锋载体该评议，或期满要续要结"), "carriers", carriers_due, Topic.DECIDING,
          Says(what="name", where="body__name", due_on="review_on"), page="carrier_detail"),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
