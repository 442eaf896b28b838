"""The end of a contest: places are written as they stand, and the register of honours gets those awarded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.contests.enums import CONTEST_FLOW, EntryKind
from ronghe.domain.contests.facts import CONTEST_AWARDED, CONTEST_CLOSED, CONTEST_PLACED
from ronghe.domain.contests.models import Contest, ContestEntry, ContestScore
from ronghe.domain.contests.rules import RUN_CONTEST
from ronghe.domain.contests.selectors.contests import concerns, standings_of
from ronghe.domain.contests.services.contests import LEAST_ENTRIES, OwnEntry, TooFewEntries
from ronghe.domain.honours.services.register import HonourText, honour_from, write_honour
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class ContestRunning(DomainError):
    code = "contest_running"
    sentence = N_("竞赛到 %(until)s 为止，第二天起才能排名。")


class MarksMissing(DomainError):
    code = "marks_missing"
    sentence = N_("“%(head)s”还有 %(count)s 个没有两名评委评过，先请评委评完。")


class NoTitle(DomainError):
    code = "no_title"
    sentence = N_("发起时没有选荣誉，这项竞赛只排名，不表彰。")


class NobodyWon(DomainError):
    code = "nobody_won"
    sentence = N_("没有得分的参赛者，不能表彰。")


@transaction.atomic
def close_contest(*, contest: Contest, actor: Person, at: datetime) -> Contest:
    """Write places, totals and what they came from; equals share a place. Nothing is computed anew afterwards.

    :raises ContestRunning: its last day is not over
    :raises TooFewEntries: fewer than two compete
    :raises MarksMissing: judges have not finished
    :raises StepNotAllowed: it is closed or called off
    """
    RUN_CONTEST.require(actor, contest, at=at)
    contest = Contest.objects.select_for_update(of=("self",)).select_related("body", "title").get(pk=contest.pk)
    if not CONTEST_FLOW.allows(contest, "close"):
        raise StepNotAllowed(state=contest.get_state_display())
    if local_day(at) <= contest.ends_on:
        raise ContestRunning(until=contest.ends_on)
    table = standings_of(contest)
    if len(table.lines) < LEAST_ENTRIES:
        raise TooFewEntries(body=contest.body.name)
    scores = []
    for place, head in enumerate(table.heads):
        waiting = sum(1 for line in table.lines if line.cells[place].points is None)
        if waiting:
            raise MarksMissing(head=head.words, count=waiting)
        for line in table.lines:
            cell = line.cells[place]
            assert cell.value is not None  # nobody waits any more
            assert cell.points is not None
            scores.append(ContestScore(entry=line.entry, head=head, value=cell.value, points=cell.points))
    CONTEST_FLOW.advance(contest, "close", ended_at=at)
    ContestScore.objects.bulk_create(scores, batch_size=500)
    for line in table.lines:
        line.entry.rank, line.entry.total = line.place, line.total
    entries = [line.entry for line in table.lines]
    ContestEntry.objects.bulk_update(entries, ["rank", "total"], batch_size=500)
    count = len(entries)
    record(Draft(CONTEST_CLOSED, at, actor, body=contest.body_id, attributes={"entries": count}, source=contest))
    record_many(
        Draft(
            CONTEST_PLACED, at, actor, about=entry.person, body=entry.body_id, unit=entry.unit_id,
            attributes={"place": entry.rank, "entries": count}, source=contest,
        )
        for entry in entries
    )  # fmt: skip
    return contest


@transaction.atomic
def award_contest(*, contest: Contest, document_number: str, actor: Person, at: datetime) -> Contest:
    """Give the title to the first places, all equals of the last of them; the register of honours gets the rows.

    :raises NoTitle, NobodyWon: nothing is given, or nobody has points
    :raises OwnEntry: the actor is or leads one of them
    :raises HonourKnown, TitleRetired: the register refuses
    :raises StepNotAllowed: it is not closed, or awarded already
    """
    RUN_CONTEST.require(actor, contest, at=at)
    contest = Contest.objects.select_for_update(of=("self",)).select_related("body", "title").get(pk=contest.pk)
    if not CONTEST_FLOW.allows(contest, "award"):
        raise StepNotAllowed(state=contest.get_state_display())
    if contest.title is None:
        raise NoTitle
    rows = contest.entries.filter(rank__lte=contest.awards, total__gt=0).select_related("body", "person", "unit")
    winners = list(rows.order_by("rank", "name", "pk"))
    if not winners:
        raise NobodyWon
    for entry in winners:
        if concerns(entry, actor, at):
            raise OwnEntry(name=entry.name)
    CONTEST_FLOW.advance(contest, "award")
    day = local_day(at)
    for entry in winners:
        text = HonourText(
            contest.title, contest.ends_on.year, entry.body, contest.body.name[:80], day, entry.person,
            entry.name if contest.entry_kind == EntryKind.TEAM else "", document_number[:60],
        )  # fmt: skip
        entry.honour = write_honour(honour_from(text, day), actor, at)
        entry.save(update_fields=["honour"])
    record(
        Draft(CONTEST_AWARDED, at, actor, body=contest.body_id, attributes={"awarded": len(winners)}, source=contest)
    )
    return contest
