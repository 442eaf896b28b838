"""Beside the place among all: the place among bodies of the same size, and how sure it is (H5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.peers import Among, Band, Reach, band_of, places_among, told_apart
from ronghe.domain.appraisal.calc.results import EVERYTHING, cut_rows
from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import cut_for
from ronghe.domain.appraisal.selectors.sheets import sheet_of_run
from ronghe.domain.appraisal.selectors.subjects import KINDS_OF_LEVEL, names_of
from ronghe.domain.appraisal.selectors.what_if import measured
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _
from ronghe.scoring.exact import UNIT, shown, text
from ronghe.scoring.period import Period
from ronghe.scoring.sureness import MEAN, LeafSure, Sure, sureness

MOST = 2_000
"""Subjects that are compared one by one; larger runs are cut into committees first."""


PER_CENT = UNIT // 100
WIDE = 20 * PER_CENT
"""An interval as wide as this: one time more or less says nothing."""


class NoPeers(DomainError):
    code = "no_peers"
    sentence = N_("这张评分表不排位次，不比同类。")
    status = 422


class TooManyPeers(DomainError):
    code = "too_many_peers"
    sentence = N_("这次考评有 %(count)s 个对象，逐一比较至多 %(most)s 个；请在下级党组织的考评里看。")
    status = 422


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One subject: place among all and among peers, members (nothing where size does not matter), how sure."""

    subject: int
    name: str
    total: int
    rank: int
    among: Among
    band: Band | None
    size: int | None
    sure: Sure
    reach: Reach


@dataclass(frozen=True)
class Peers:
    """Everybody with a place, the first place first."""

    rows: tuple[PeerLine, ...]

    @property
    def unsure(self) -> int:
        """How many places cannot be told apart from another."""
        return sum(not row.reach.is_firm for row in self.rows)

    def of(self, subject: int) -> PeerLine | None:
        return next((row for row in self.rows if row.subject == subject), None)


def peers_for(actor: Person, run: Run, at: datetime) -> Peers:
    """Return everybody's place among all and among peers; at most six statements and one reading of the kept facts.

    :raises NotFound: the actor does not see all results of the run
    :raises NoPeers: the sheet ranks nobody, as sheets of members do (PI-05)
    :raises TooManyPeers: more than `MOST` subjects
    """
    if not run.results_digest or not cut_for(actor, run, at).everything:
        raise NotFound
    sheet = sheet_of_run(run)
    if sheet.rank == "off" or run.level == Level.MEMBER:
        raise NoPeers
    if (run.subject_count or 0) > MOST:
        raise TooManyPeers(count=run.subject_count, most=MOST)
    results, _count = cut_rows(kept_of(run).path(RESULTS), EVERYTHING, limit=MOST)
    rows = [row for row in results if row.rank is not None and row.score is not None]
    sizes = sizes_of(run, [row.subject for row in rows]) if sheet.peer_sizes else {}
    bands = {subject: band_of(size, sheet.peer_sizes) for subject, size in sizes.items()}
    totals = {row.subject: row.score for row in rows if row.score is not None}
    ranks = {row.subject: row.rank for row in rows if row.rank is not None}
    places = places_among(totals, {row.subject: bands.get(row.subject, row.category) for row in rows})
    what_if = measured(run)
    with what_if.lock:
        sure = {int(one.subject): one for one in sureness(what_if.run_of(sheet))}
    reaches = told_apart([sure[subject] for subject in totals], ranks)
    names = names_of(run.level, totals)
    return Peers(
        tuple(
            PeerLine(
                row.subject, names.get(row.subject, "—"), totals[row.subject], ranks[row.subject],
                places[row.subject], bands.get(row.subject), sizes.get(row.subject), sure[row.subject],
                reaches[row.subject],
            )
            for row in rows
        )
    )  # fmt: skip


def sizes_of(run: Run, subjects: Collection[int]) -> Mapping[int, int]:
    """Return how many members the bodies of a run and those below them had on its last day; two statements.

    Nothing for companies, units and members: their size says little about how often something falls due.
    """
    if run.level not in KINDS_OF_LEVEL:
        return {}
    day = Period.parse(run.period).day_until - DAY
    below: dict[int, list[int]] = {}
    links = PartyOrg.links().filter(on_day(day), ancestor_id__in=subjects).order_by()
    for ancestor, descendant in links.values_list("ancestor_id", "descendant_id"):
        below.setdefault(ancestor, []).append(descendant)
    rows = Membership.objects.filter(
        on_day(day), kind=MembershipKind.HOME, person__political_status__in=PARTY_MEMBERS,
        body__in={one for found in below.values() for one in found},
    )  # fmt: skip
    counts = dict(rows.order_by().values("body_id").annotate(many=Count("pk")).values_list("body_id", "many"))
    return {subject: sum(counts.get(one, 0) for one in set(below.get(subject, ()))) for subject in subjects}


def band_words(band: Band | None) -> str:
    """Return a group of peers as people say it: 7–20 人."""
    if band is None:
        return _("同类别")
    if band.until is None:
        return _("%(since)s 人以上（含）") % {"since": band.since} if band.since else _("同类别")
    if not band.since:
        return _("不到 %(until)s 人") % {"until": band.until}
    return _("%(since)s–%(last)s 人") % {"since": band.since, "last": band.until - 1}


def leaf_words(leaf: LeafSure) -> str:
    """Return the interval of one rate or mean as people say it."""
    if leaf.what == MEAN:
        said = {"count": leaf.count, "low": shown(leaf.interval.low), "high": shown(leaf.interval.high)}
        return _("%(count)s 份评分，真实平均多半在 %(low)s—%(high)s") % said
    # Ends are rounded outwards: a share is not made surer than it is.
    low, high = leaf.interval.low // PER_CENT, -(-leaf.interval.high // PER_CENT)
    said = {"count": leaf.count, "number": text(leaf.number), "low": low, "high": high}
    sentence = _("%(count)s 次里 %(number)s 次，真实水平多半在 %(low)s%%—%(high)s%%") % said
    missing = leaf.count * UNIT - leaf.number
    if 0 < missing <= UNIT and leaf.interval.high - leaf.interval.low >= WIDE:
        sentence = _("%(said)s，少一次不说明差") % {"said": sentence}
    if leaf.steadied is not None:
        ends = {"low": leaf.steadied.low // PER_CENT, "high": -(-leaf.steadied.high // PER_CENT), "said": sentence}
        sentence = _("%(said)s；向同类平均靠拢后 %(low)s%%—%(high)s%%") % ends
    return sentence


def reach_words(row: PeerLine) -> str:
    """Return which places the subject cannot be told apart from, nothing where its place is firm."""
    if row.reach.is_firm:
        return ""
    return _("与第 %(best)s—%(worst)s 位分不出先后") % {"best": row.reach.best, "worst": row.reach.worst}


def peers_as_data(found: Peers) -> list[dict[str, object]]:
    """Return it for programs, numbers as exact decimal texts."""
    return [
        {
            "subject": str(row.subject), "name": row.name, "total": text(row.total), "rank": row.rank,
            "peers": band_words(row.band), "members": row.size, "place": row.among.place, "among": row.among.count,
            "low": text(row.sure.low), "high": text(row.sure.high), "best": row.reach.best, "worst": row.reach.worst,
        }
        for row in found.rows
    ]  # fmt: skip
