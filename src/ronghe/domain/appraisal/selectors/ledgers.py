"""Member points as they stand: the sheet over live facts while a period runs, over what the run kept once it is final."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.appraisal.calc.facts import kinds_in
from ronghe.domain.appraisal.calc.ledger import Ledger, ledger_of, total_of
from ronghe.domain.appraisal.calc.scoring import FACTS, evidence_kept
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import SEE_MEMBERS_POINTS, SEE_POINTS
from ronghe.domain.appraisal.selectors.explaining import FactLine
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.member_sheets import SheetInUse, home_of, period_now, sheets_for, sheets_of
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run
from ronghe.domain.appraisal.selectors.subjects import BACKBONE_POSTS, category_in
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import Period
from ronghe.scoring.records import Evidence
from ronghe.scoring.records import Fact as Counted
from ronghe.scoring.sheets import Sheet

EARLIER_PERIODS = 4
MOST_MEMBERS = 300
"""Members of a body that are reckoned on one page."""


@dataclass(frozen=True)
class LedgerView:
    """One person's ledger of one period. `run` is the final run that it was taken from, nothing while it is open."""

    person: Person
    home: PartyOrg | None
    in_use: SheetInUse | None
    sheet: Sheet
    title: str
    period: Period
    ledger: Ledger
    facts: Mapping[int, FactLine]
    reversed_facts: tuple[tuple[FactLine, datetime], ...] = ()
    """What was taken back, and when."""
    run: Run | None = None
    row: Result | None = None
    previous: tuple[str, int] | None = None
    """Period and total (1/10,000) of the final run before, where the sheet carries over."""

    @property
    def is_final(self) -> bool:
        return self.run is not None

    @property
    def total(self) -> str:
        return score_shown(self.sheet, self.ledger.total)

    @property
    def grade(self) -> str | None:
        return self.row.grade if self.row is not None else self.ledger.band

    @property
    def grade_title(self) -> str:
        return grade_titles(self.sheet).get(self.grade or "", "")


@dataclass(frozen=True, slots=True)
class MemberPoints:
    """What one member of a body comes to; `total` in 1/10,000."""

    person: Person
    category: str
    total: int | None
    grade: str | None


@dataclass(frozen=True)
class MembersView:
    body: PartyOrg
    in_use: SheetInUse | None
    period: Period | None
    rows: tuple[MemberPoints, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """Facts of a period as the sheet takes them, and as people read them."""

    counted: tuple[Counted, ...] = ()
    lines: Mapping[int, FactLine] = field(default_factory=dict)
    taken_back: tuple[tuple[FactLine, datetime], ...] = ()


def person_of(actor: Person, token: int | None, at: datetime) -> Person:
    """Return whose points are asked for; the actor's own where nobody is named.

    :raises NotFound: there is nobody, or the actor may not see the points
    """
    if token is None or token == actor.token:
        return actor
    person = SEE_POINTS.narrow(actor, Person.objects.filter(token=token), at=at).first()
    if person is None:
        raise NotFound
    return person


def periods_for(in_use: SheetInUse, day: date) -> list[Period]:
    """Return the running period of each length that the sheet is for, and the ones before it, the latest first."""
    found: list[Period] = []
    for piece in in_use.pieces:
        period = period_now(piece, day)
        for _number in range(EARLIER_PERIODS if piece != "year" else 2):
            found.append(period)
            period = period_now(piece, period.day_from - timedelta(days=1))
    return found


def ledger_for(
    actor: Person, at: datetime, *, token: int | None = None, period: str = "", sheet: str = ""
) -> LedgerView | None:
    """Return the ledger of a person in a period; nothing where no body of the person's works by a member sheet.

    :raises NotFound: the actor may not see it, or the period is none of the sheet's
    """
    person, day = person_of(actor, token, at), local_day(at)
    known = sheets_for(person, day)
    in_use = next((one for one in known if one.key == sheet), known[0] if known else None)
    if in_use is None:
        return None
    periods = periods_for(in_use, day)
    wanted = next((one for one in periods if one.name == period), None if period else periods[0])
    if wanted is None:
        raise NotFound
    final = _final_result(person, in_use, wanted)
    if final is not None:
        return _kept(person, home_of(person, wanted.day_until - timedelta(days=1)), in_use, wanted, final)
    return _live(person, home_of(person, day), in_use, wanted, day)


def members_for(
    actor: Person, body: PartyOrg, at: datetime, *, period: str = "", sheet: str = ""
) -> MembersView:  # fmt: skip
    """Return what the members at home in `body` or below come to as it stands, by name; persons get no places.

    :raises NotFound: the actor may not see them
    """
    if not SEE_MEMBERS_POINTS.allows(actor, body, at=at):
        raise NotFound
    day = local_day(at)
    known = sheets_of(body, Level.MEMBER, day)
    in_use = next((one for one in known if one.key == sheet), known[0] if known else None)
    if in_use is None:
        return MembersView(body, None, None)
    periods = periods_for(in_use, day)
    wanted = next((one for one in periods if one.name == period), periods[0])
    people = members_at_home(body, day)
    shown = people[:MOST_MEMBERS]
    finals = _final_results([person.token for person, _kind in shown], in_use, wanted)
    live = [(person, kind) for person, kind in shown if person.token not in finals]
    evidence = _evidence_of(live, in_use, wanted, day)
    rows = [
        MemberPoints(person, evidence[person.token].category or "", *total_of(in_use.sheet, evidence[person.token]))
        if person.token in evidence
        else MemberPoints(
            person, finals[person.token].category or "", finals[person.token].score, finals[person.token].grade
        )
        for person, _kind in shown
    ]
    only = in_use.sheet.only
    rows = [row for row in rows if not only or row.category in only]
    return MembersView(body, in_use, wanted, tuple(rows), is_cut=len(people) > MOST_MEMBERS)


def members_at_home(body: PartyOrg, day: date) -> list[tuple[Person, str]]:
    """Return the members at home in `body` or below it with the kind of their home body, by name."""
    rows = Membership.objects.filter(
        on_day(day), kind=MembershipKind.HOME, body_id__in=descendants(PartyOrg, [body.pk], day=day),
        person__political_status__in=PARTY_MEMBERS,
    )  # fmt: skip
    found = rows.select_related("person", "body").order_by("person__initials", "person__name", "person_id")
    return [(row.person, row.body.kind) for row in found[: MOST_MEMBERS + 1]]


def _live(person: Person, home: PartyOrg | None, in_use: SheetInUse, period: Period, day: date) -> LedgerView:
    kind = home.kind if home is not None else ""
    told = _told([person.token], in_use, period)[person.token]
    evidence = _evidence_of([(person, kind)], in_use, period, day, told={person.token: told})[person.token]
    previous = _previous_results([person.token], in_use, period).get(person.token)
    before = (previous.run.period, previous.score) if previous is not None and previous.score is not None else None
    return LedgerView(
        person, home, in_use, in_use.sheet, in_use.title, period, ledger_of(in_use.sheet, evidence), told.lines,
        told.taken_back, previous=before,
    )  # fmt: skip


def _kept(person: Person, home: PartyOrg | None, in_use: SheetInUse, period: Period, result: Result) -> LedgerView:
    from ronghe.domain.appraisal.calc.results import row_of

    run = result.run
    kept = kept_of(run)
    row = row_of(kept.path("results.parquet"), person.token)
    if row is None:
        raise NotFound
    sheet, evidence = evidence_kept(kept, run.sheet_id, run.period, row)
    lines, taken_back = _kept_lines(run, person.token)
    return LedgerView(
        person, home, in_use, sheet_of_run(run), in_use.title, period, ledger_of(sheet, evidence), lines, taken_back,
        run=run, row=result,
    )  # fmt: skip


def _evidence_of(
    people: Iterable[tuple[Person, str]], in_use: SheetInUse, period: Period, day: date, *,
    told: Mapping[int, _Told] | None = None,
) -> dict[int, Evidence]:  # fmt: skip
    """Return what counts for each of these people; a constant number of statements, however many they are."""
    wanted = list(people)
    tokens = [person.token for person, _kind in wanted]
    found = told if told is not None else _told(tokens, in_use, period)
    before = _previous_results(tokens, in_use, period)
    posts = PostHolding.objects.filter(
        on_day(day), person__in=[person.pk for person, _kind in wanted], role__in=BACKBONE_POSTS, body__isnull=False
    )
    backbone = set(posts.order_by().values_list("person_id", flat=True))
    return {
        person.token: Evidence(
            window=period, key="subject", subject=person.token, category=_category(person, kind, backbone),
            facts=found[person.token].counted if person.token in found else (),
            previous_total=before[person.token].score if person.token in before else None,
            previous_grade=before[person.token].grade if person.token in before else None,
        )
        for person, kind in wanted
    }  # fmt: skip


def _category(person: Person, home_kind: str, backbone: Collection[int]) -> str:
    return category_in(home_kind, is_outside=bool(person.outside_home_branch), is_backbone=person.pk in backbone)


def _told(tokens: Collection[int], in_use: SheetInUse, period: Period) -> defaultdict[int, _Told]:
    """Return the facts of the period about these people that the sheet reads; three statements."""
    since, until = period.instants
    kinds = kinds_in(in_use.content, in_use.playbook)
    rows = list(
        Fact.objects.filter(
            subject__in=tokens, occurred_at__gte=since, occurred_at__lt=until, kind__in=kinds, reverses=None
        ).order_by("occurred_at", "pk")
    )
    back = dict(
        Fact.objects.filter(reverses__in=[row.pk for row in rows]).order_by().values_list("reverses", "occurred_at")
    )
    places = dict(
        PartyOrg.objects.filter(pk__in={row.body for row in rows if row.body}).order_by().values_list("pk", "name")
    )
    names = _attributes_of(in_use.sheet)
    counted: dict[int, list[Counted]] = defaultdict(list)
    lines: dict[int, dict[int, FactLine]] = defaultdict(dict)
    gone: dict[int, list[tuple[FactLine, datetime]]] = defaultdict(list)
    for row in rows:
        assert row.subject is not None  # asked for by token
        line = _line(row.pk, row.kind, row.occurred_at, places.get(row.body or 0, ""), row.quantity, row.measure,
                     row.values, row.source_type, row.source_id)  # fmt: skip
        if row.pk in back:
            gone[row.subject].append((line, back[row.pk]))
            continue
        lines[row.subject][row.pk] = line
        counted[row.subject].append(
            Counted(
                row.pk, row.kind, row.occurred_at, row.subject, row.body, row.home_body,
                10_000 if row.quantity is None else row.quantity,
                {name: _text(row.values.get(name)) for name in names},
            )
        )  # fmt: skip
    found: defaultdict[int, _Told] = defaultdict(_Told)
    for token in tokens:
        found[token] = _Told(tuple(counted[token]), lines[token], tuple(gone[token]))
    return found


def _kept_lines(run: Run, token: int) -> tuple[dict[int, FactLine], tuple[tuple[FactLine, datetime], ...]]:
    import pyarrow.parquet as pq

    rows = pq.read_table(kept_of(run).path(FACTS), filters=[("subject", "=", token)]).to_pylist()
    back = {row["reverses"]: row["occurred_at"] for row in rows if row["reverses"] is not None}
    places = dict(
        PartyOrg.objects.filter(pk__in={row["body"] for row in rows if row["body"]})
        .order_by()
        .values_list("pk", "name")
    )
    lines: dict[int, FactLine] = {}
    gone: list[tuple[FactLine, datetime]] = []
    for row in rows:
        if row["reverses"] is not None:
            continue
        line = _line(row["id"], row["kind"], row["occurred_at"], places.get(row["body"], ""), row["quantity_e4"],
                     row["measure"], json.loads(row["attributes"] or "{}"), row["source_type"],
                     row["source_id"])  # fmt: skip
        if row["id"] in back:
            gone.append((line, back[row["id"]]))
        else:
            lines[row["id"]] = line
    return lines, tuple(gone)


def _line(
    pk: int, kind: str, at: datetime, where: str, quantity: int | None, measure: str | None,
    attributes: Mapping[str, Any], source_type: str | None, source_id: int | None,
) -> FactLine:  # fmt: skip
    kinds = declared_kinds()
    title = _(kinds[kind].title) if kind in kinds else kind
    amount = 10_000 if quantity is None else quantity
    return FactLine(pk, title, at, where, amount, measure, attributes, source_type, source_id)


def _attributes_of(sheet: Sheet) -> list[str]:
    measures = [measure for node in sheet.nodes for measure in node.measures] + list(sheet.measures)
    measures += [measure for node in sheet.nodes if isinstance(node, Fold) for measure in node.piece.measures]
    return sorted({name for measure in measures for name, _values in getattr(measure, "where", ())})


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _finals(tokens: Collection[int], in_use: SheetInUse) -> QuerySet[Result]:
    """Results of these people in final runs of the sheet; of a corrected run the correction."""
    rows = Result.objects.filter(
        subject__in=tokens, run__state=RunState.FINAL, run__level=Level.MEMBER,
        run__playbook_id=in_use.version.playbook_id, run__sheet_id=in_use.sheet_id,
    )  # fmt: skip
    return rows.exclude(run__replacements__state=RunState.FINAL).select_related("run").order_by("run_id")


def _final_results(tokens: Collection[int], in_use: SheetInUse, period: Period) -> dict[int, Result]:
    return {row.subject: row for row in _finals(tokens, in_use).filter(run__period=period.name)}


def _final_result(person: Person, in_use: SheetInUse, period: Period) -> Result | None:
    return _final_results([person.token], in_use, period).get(person.token)


def _previous_results(tokens: Collection[int], in_use: SheetInUse, period: Period) -> dict[int, Result]:
    """The final results right before the period, where the sheet looks at them."""
    rows = _finals(tokens, in_use).filter(run__period_until=period.day_from)
    return {row.subject: row for row in rows}
