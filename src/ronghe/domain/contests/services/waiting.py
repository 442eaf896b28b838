"""What waits for somebody here: marks that a judge still owes, and contests that are over and not closed or awarded."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.contests.enums import ContestState
from ronghe.domain.contests.models import Contest, ContestEntry, ContestHead, ContestMark
from ronghe.domain.contests.rules import RUN_CONTEST
from ronghe.domain.org.models import AdminUnit, Membership, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.inbox import Inbox, Row, Says, Telling, Topic, declare_inbox
from ronghe.kernel.words import N_, _


def contests_to_judge(person: Person, at: datetime) -> QuerySet[Contest]:
    """Return the contests in which `person` still owes marks: not the own, and not where two others gave theirs."""
    lacking = ContestHead.objects.filter(contest=OuterRef("contest"), figure="").exclude(
        Q(Exists(_marks().filter(judge=person)))
        | (Q(Exists(_marks().filter(seat=1))) & Q(Exists(_marks().filter(seat=2))))
    )
    entries = ContestEntry.objects.filter(contest=OuterRef("pk")).filter(Exists(lacking.order_by()))
    rows = Contest.objects.filter(state=ContestState.OPEN, judges__person=person)
    return rows.filter(Exists(entries.exclude(_own(person, local_day(at))).order_by())).order_by("ends_on", "pk")


def _marks() -> QuerySet[ContestMark]:
    return ContestMark.objects.filter(head=OuterRef("pk"), entry=OuterRef(OuterRef("pk"))).order_by()


def _own(person: Person, day: date) -> Q:
    """The entries that are `person`'s own, as `selectors.contests.concerns` tells of one."""
    posts = PostHolding.objects.filter(on_day(day), person=person).order_by()
    bodies = Membership.objects.filter(on_day(day), person=person).order_by()
    unit = Person.objects.filter(pk=person.pk, unit__isnull=False).order_by()
    links = AdminUnit.links().filter(on_day(day)).order_by()
    mine = Q(descendant_id__in=unit.values("unit_id"))
    above = links.filter(mine | Q(descendant_id__in=posts.filter(unit__isnull=False).values("unit_id")))
    led = Q(body__in=bodies.values("body_id")) | Q(body__in=posts.filter(body__isnull=False).values("body_id"))
    return Q(person=person) | Q(unit__in=above.values("ancestor_id")) | (Q(person=None, unit=None) & led)


def contests_to_settle(person: Person, at: datetime) -> QuerySet[Contest]:
    """Return the contests that `person` may close because their last day is over, or award because they are closed."""
    over = Contest.objects.filter(
        Q(state=ContestState.OPEN, ends_on__lt=local_day(at)) | Q(state=ContestState.CLOSED, title__isnull=False)
    )
    return RUN_CONTEST.narrow(person, over, at=at).order_by("ends_on", "pk")


def _tell_judging(row: Row, _person: Person, _at: datetime) -> Telling:
    return Telling(row.what, _("请您评分，两名评委评完才能排名"), "attention")


def _tell_settling(row: Row, _person: Person, _at: datetime) -> Telling:
    if row.code == ContestState.CLOSED:
        return Telling(row.what, _("已排名，可以表彰优胜者"), "attention")
    return Telling(row.what, _("竞赛期满，可以结束并排名"), "due")


INBOXES: tuple[Inbox, ...] = (
    Inbox("contests_judge", N_("劳动竞赛等您评分"), "contests", contests_to_judge, Topic.DECIDING,
          Says(what="name", where="body__name", due_on="ends_on"), page="contest", tell=_tell_judging),
    Inbox("contests_settle", N_("劳动竞赛等您排名或表彰"), "contests", contests_to_settle, Topic.DECIDING,
          Says(what="name", where="body__name", due_on="ends_on", code="state"), page="contest", tell=_tell_settling),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
