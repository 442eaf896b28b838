"""Permits: lists, one with all that belongs to it, and its picture for `calc` to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.conflicts import Index, Work, rules_of
from ronghe.domain.permits.calc.gas import Test
from ronghe.domain.permits.calc.grading import moment_circumstances
from ronghe.domain.permits.calc.profiles import Profile, profile_called, with_settings
from ronghe.domain.permits.calc.standing import Clash, Lack, Link, Picture, Stage, awaited
from ronghe.domain.permits.enums import (
    GAS_STOPS,
    ISSUED,
    LIVE,
    OVER,
    MeasureState,
    PartRole,
    PermitKind,
    PermitState,
    SignRole,
)
from ronghe.domain.permits.models import (
    GasTest,
    Handover,
    Isolation,
    Measure,
    Permit,
    PermitLink,
    PermitPart,
    PermitSignature,
    PermitSite,
    PermitStep,
    RiskLine,
    SiteActivity,
    SiteOffice,
)
from ronghe.domain.permits.rules import SEE_PERMIT
from ronghe.domain.permits.selectors.areas import known_in
from ronghe.domain.permits.selectors.fitness import unfit_of
from ronghe.domain.permits.selectors.sites import air_of, area_key, profiles_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.calendars import StatutoryCalendar, statutory_calendar
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.tree import on_day

JOINED = ("site__body", "applicant", "parent", "contractor")
NEXT_STAGE = {
    PermitState.DRAFT: Stage.SUBMIT, PermitState.ANALYSED: Stage.SUBMIT, PermitState.SUBMITTED: Stage.VERIFY,
    PermitState.COSIGNED: Stage.VERIFY, PermitState.VERIFIED: Stage.APPROVE, PermitState.APPROVED: Stage.ACTIVATE,
    PermitState.BRIEFED: Stage.ACTIVATE, PermitState.ACTIVE: Stage.RUN, PermitState.SUSPENDED: Stage.RESUME,
    PermitState.COMPLETED: Stage.ACCEPT,
}  # fmt: skip
"""What a permit is on its way to, by its state."""


@cache
def calendar() -> StatutoryCalendar:
    return statutory_calendar()


def permits_seen_by(actor: Person, at: datetime) -> QuerySet[Permit]:
    """Return the permits that `actor` may see, the newest first: to be cut to one or a few."""
    rows = SEE_PERMIT.narrow(actor, Permit.objects.all(), at=at, walk=True)
    return rows.select_related(*JOINED, "coordinator", "site__zone", "replaces").order_by("-requested_at", "-pk")


def permits_filtered(
    actor: Person, *, words: str = "", state: str = "", kind: str = "", operation: str = "", site: int | None = None,
    mine: bool = False, live: bool = False,
) -> QuerySet[Permit]:  # fmt: skip
    """Return permits by these filters, whoever may see them; `words` occur in what is done, the place or the area."""
    rows = Permit.objects.select_related(*JOINED)
    if words:
        found = Q(what__contains=words) | Q(place__contains=words) | Q(area__contains=words)
        if words[1:].isdigit() or words.isdigit():
            found |= Q(pk=int(words if words.isdigit() else words[1:]) % 2**62)
        rows = rows.filter(found)
    for name, value in (("state", state), ("kind", kind), ("operation", operation), ("site", site)):
        if value:
            rows = rows.filter(**{name: value})
    if mine:
        rows = rows.filter(
            Q(applicant=actor) | Q(pk__in=PermitPart.objects.filter(person=actor).order_by().values("permit_id"))
        )
    return rows.exclude(state__in=sorted(OVER)) if live else rows


def list_permits(
    actor: Person, at: datetime, rows: QuerySet[Permit], *, order_by: Sequence[Any] = ("-requested_at",), page: int = 1,
    size: int = 20,
) -> Listed[Permit]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_PERMIT, actor, rows, order_by=order_by, at=at, page=page, size=size)


def works_at(sites: Collection[int], at: datetime) -> list[Work]:
    """Return what is asked for, issued or going on at these sites and not over, as works that may clash; three statements."""
    special = Permit.objects.filter(site__in=sites, kind=PermitKind.SPECIAL, state__in=sorted(LIVE))
    rows = [row for row in special.order_by("pk") if row.valid_until > at]
    linked = _links([row.pk for row in rows])
    found = [work_of(row, frozenset(f"p{key}" for key in linked[row.pk])) for row in rows]
    others = SiteActivity.objects.filter(site__in=sites, ends_at__gt=at, ended_at=None).order_by("pk")
    return found + [
        Work(f"a{row.pk}", row.site_id, row.kind, area_key(row), row.starts_at, row.ends_at, row.x_dm, row.y_dm, 0, row.space,
             bund=row.bund, is_issued=True)
        for row in others
    ]  # fmt: skip


def work_of(permit: Permit, links: frozenset[str] = frozenset()) -> Work:
    return Work(
        f"p{permit.pk}", permit.site_id, permit.operation, area_key(permit), permit.starts_at, permit.valid_until, permit.x_dm,
        permit.y_dm, permit.reach_dm, permit.space, permit.pipe, permit.bund, str(permit.values.get("fall_line") or ""),
        permit.state in ISSUED, links,
    )  # fmt: skip


def words_of_works(ids: Iterable[str]) -> dict[str, str]:
    """Return how works are called: number and words of a permit, or what else goes on; two statements."""
    keys = sorted(set(ids))
    permits = Permit.objects.filter(pk__in=[int(one[1:]) for one in keys if one[0] == "p"])
    others = SiteActivity.objects.filter(pk__in=[int(one[1:]) for one in keys if one[0] == "a"])
    return {f"p{row.pk}": f"{row.number} {row.what}" for row in permits.order_by("pk")} | {
        f"a{row.pk}": f"{row.get_kind_display()} {row.what}" for row in others.order_by("pk")
    }


def clashes_of(permits: Sequence[Permit], profiles: dict[int, Profile], at: datetime) -> dict[int, tuple[Clash, ...]]:
    """Return with what that is issued, or goes on, each permit clashes; before the issue nothing stands in the way yet."""
    sites = sorted({permit.site_id for permit in permits})
    works = works_at(sites, at) if sites else []
    by_site: dict[int, Index] = {site: Index(rules_of(profiles[site])) for site in sites}
    issued = {work.id: work.is_issued for work in works}
    for work in works:
        by_site[work.site].add(work)
    linked = _links([permit.pk for permit in permits])
    found = {
        permit.pk: by_site[permit.site_id].against(work_of(permit, frozenset(f"p{key}" for key in linked[permit.pk])))
        if permit.kind == PermitKind.SPECIAL else []
        for permit in permits
    }  # fmt: skip
    words = (
        words_of_works(one.other(f"p{key}") for key, some in found.items() for one in some)
        if any(found.values())
        else {}
    )
    return {
        key: tuple(
            Clash(one.rule, one.words, words[one.other(f"p{key}")], one.blocks)
            for one in some if issued[one.other(f"p{key}")]
        )
        for key, some in found.items()
    }  # fmt: skip


def conflicts_asked(permit: Permit, at: datetime) -> list[tuple[Clash, bool]]:
    """Return every clash of a permit, before the issue too, each with whether the other is issued; for whoever plans."""
    profile = profiles_of([permit.site])[permit.site_id]
    works = works_at([permit.site_id], at)
    index = Index(rules_of(profile), works)
    linked = _links([permit.pk])[permit.pk]
    found = index.against(work_of(permit, frozenset(f"p{key}" for key in linked)))
    mine = f"p{permit.pk}"
    words = words_of_works(one.other(mine) for one in found) if found else {}
    issued = {work.id: work.is_issued for work in works}
    return [(Clash(one.rule, one.words, words[one.other(mine)], one.blocks), issued[one.other(mine)]) for one in found]


def pictures_of(permits: Sequence[Permit], at: datetime) -> dict[int, Picture]:
    """Return all that is known of these permits at `at`; the same number of statements for one and for a thousand."""
    keys = [permit.pk for permit in permits]
    sites = {permit.site_id: permit.site for permit in permits}
    settled = profiles_of(list(sites.values()))
    profiles = {permit.pk: _profile(permit, settled[permit.site_id]) for permit in permits}
    air = air_of(sorted(sites))
    parts, signatures = _parts(keys), _signatures(permits)
    risks, measures, isolations = _risks(keys), _rows(Measure, keys), _rows(Isolation, keys)
    tests = _tests(keys)
    linked = _links(keys)
    others = {
        row.pk: row
        for row in Permit.objects.filter(pk__in={key for some in linked.values() for key in some}).order_by("pk")
    }
    parents = {
        row.pk: row
        for row in Permit.objects.filter(pk__in={one.parent_id for one in permits if one.parent_id is not None})
    }
    clashes, unfit = clashes_of(permits, settled, at), unfit_of(permits, parts, at)
    areas = {permit.risk_area_id for permit in permits if permit.risk_area_id is not None}
    known = known_in(areas, local_day(at))
    hosts = _hosts(sorted(sites), local_day(at))
    found = {}
    for permit in permits:
        profile = profiles[permit.pk]
        people = parts[permit.pk]
        guardian = next(iter(people.get(PartRole.GUARDIAN, ())), None)
        parent = parents.get(permit.parent_id) if permit.parent_id is not None else None
        signed = {key: person for key, person in signatures[permit.pk].items() if person}
        by_role: dict[str, tuple[int, ...]] = {
            role: tuple(row.person_id for row in rows) for role, rows in people.items()
        }
        if "approver" in signed:
            by_role["approver"] = (signed["approver"],)
        found[permit.pk] = Picture(
            profile=profile, operation=profile.operation(permit.operation), grade=permit.grade, facts=permit.values,
            starts_at=permit.starts_at, ends_at=permit.valid_until, extended_until=permit.extended_until,
            graded_for=frozenset(permit.graded_for.split(",")) - {""},
            circumstances=moment_circumstances(profile, calendar(), at),
            hazards=risks[permit.pk].count, hazards_open=risks[permit.pk].without,
            unknown=tuple(one for one in known.get(permit.risk_area_id or 0, ()) if one.key not in risks[permit.pk].known),
            stops=tuple(one.hazard for one in known.get(permit.risk_area_id or 0, ()) if one.stops),
            measures_open=tuple(row.text for row in measures[permit.pk] if row.state == MeasureState.OPEN),
            isolations=len(isolations[permit.pk]),
            isolations_open=tuple(row.point for row in isolations[permit.pk] if row.placed_at is None),
            isolations_left=tuple(
                row.point for row in isolations[permit.pk] if row.placed_at is not None and row.removed_at is None
            ),
            links=tuple(
                Link(others[key].operation, others[key].valid_until,
                     others[key].state in ISSUED and others[key].valid_until > at)
                for key in sorted(linked[permit.pk])
            ),
            has_parent=parent is not None,
            is_parent_active=parent is not None and parent.state == PermitState.ACTIVE and parent.valid_until > at,
            people=by_role, guardian_card=guardian.card if guardian is not None else "",
            guardian_card_until=moment_of(guardian.card_until) if guardian is not None and guardian.card_until else None,
            is_guardian_here=permit.is_guardian_here, unfit=unfit[permit.pk], signed=frozenset(signed),
            voided=frozenset(signatures[permit.pk].keys() - signed.keys()),
            test=tests.get(permit.pk), suspended_at=permit.suspended_at, is_gas_stop=permit.stop_reason in GAS_STOPS,
            wind_level=air[permit.site_id].wind, alarms=air[permit.site_id].alarms_at(area_key(permit)),
            clashes=clashes[permit.pk], has_coordinator=permit.coordinator_id is not None,
            verifiers=hosts.get(permit.site_id, ()),
            has_plan=bool(permit.plan_ref), has_film=permit.has_film, space=permit.space, pipe=permit.pipe,
        )  # fmt: skip
    return found


def _hosts(sites: Sequence[int], day: date) -> dict[int, tuple[str, ...]]:
    rows = SiteOffice.objects.filter(on_day(day), site__in=sites, office="host").select_related("person")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("person__name", "pk"):
        found[row.site_id].append(row.person.name)
    return {site: tuple(names) for site, names in found.items()}


def picture_of(permit: Permit, at: datetime) -> Picture:
    return pictures_of([permit], at)[permit.pk]


def lacks_of(permit: Permit, at: datetime) -> list[Lack]:
    """Return what a permit lacks for what it is on its way to; nothing where it is over."""
    stage = NEXT_STAGE.get(PermitState(permit.state))
    return [] if stage is None else awaited(picture_of(permit, at), stage, at)


@dataclass(frozen=True, slots=True)
class PermitView:
    """One permit with all that belongs to it, in the order in which it is shown."""

    permit: Permit
    picture: Picture
    lacks: list[Lack]
    parts: list[PermitPart]
    risks: list[RiskLine]
    measures: list[Measure]
    isolations: list[Isolation]
    links: list[Permit]
    children: list[Permit]
    signatures: list[PermitSignature]
    tests: list[GasTest]
    steps: list[PermitStep]
    handovers: list[Handover]

    @property
    def standing(self) -> list[PermitSignature]:
        """The signatures that stand under the digest as it is now."""
        return [row for row in self.signatures if row.digest == self.permit.digest and not row.is_void]

    @property
    def voided(self) -> list[PermitSignature]:
        """Those under another text, and those of a phone that was lost."""
        return [row for row in self.signatures if row.digest != self.permit.digest or row.is_void]


def view_of(permit: Permit, at: datetime) -> PermitView:
    """Return a permit with all that belongs to it; the same number of statements whatever its size."""
    picture = picture_of(permit, at)
    stage = NEXT_STAGE.get(PermitState(permit.state))
    links = Permit.objects.filter(pk__in=_links([permit.pk])[permit.pk]).order_by("pk")
    return PermitView(
        permit=permit, picture=picture, lacks=[] if stage is None else awaited(picture, stage, at),
        parts=list(permit.parts.select_related("person__unit").order_by("role", "person__name", "pk")),
        risks=list(permit.risks.order_by("place")), measures=list(permit.measures.select_related("checked_by").order_by("place")),
        isolations=list(permit.isolations.select_related("placed_by", "removed_by").order_by("place")), links=list(links),
        children=list(permit.children.order_by("pk")),
        signatures=list(permit.signatures.select_related("person", "voiding").order_by("signed_at", "pk")),
        tests=list(permit.gas_tests.select_related("by").order_by("-taken_at", "-pk")),
        steps=list(permit.steps.select_related("by").order_by("at", "pk")),
        handovers=list(permit.handovers.select_related("giver", "taker").order_by("-offered_at", "-pk")),
    )  # fmt: skip


def _profile(permit: Permit, settled: Profile) -> Profile:
    return settled if permit.profile == settled.id else with_settings(profile_called(permit.profile), {})


def _parts(keys: Collection[int]) -> dict[int, dict[str, list[PermitPart]]]:
    found: dict[int, dict[str, list[PermitPart]]] = defaultdict(lambda: defaultdict(list))
    for row in PermitPart.objects.filter(permit__in=keys).select_related("person").order_by("pk"):
        found[row.permit_id][row.role].append(row)
    return found


def _signatures(permits: Sequence[Permit]) -> dict[int, dict[str, int]]:
    """Return who signed as what under the digest as it is now; nobody where it was voided and not signed again."""
    digests = {permit.pk: permit.digest for permit in permits}
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in PermitSignature.objects.filter(permit__in=digests).select_related("voiding").order_by("pk"):
        if row.digest == digests[row.permit_id]:
            found[row.permit_id][row.key] = 0 if row.is_void else row.person_id
    return found


@dataclass
class _Analysis:
    """The lines of a job's analysis: how many, how many without a measure, and which known risks they are about."""

    count: int = 0
    without: int = 0
    known: set[str] = field(default_factory=set)


def _risks(keys: Collection[int]) -> dict[int, _Analysis]:
    found: dict[int, _Analysis] = defaultdict(_Analysis)
    rows = RiskLine.objects.filter(permit__in=keys).order_by("pk")
    for key, measure, known_as in rows.values_list("permit_id", "measure", "known_as"):
        found[key].count += 1
        found[key].without += not measure.strip()
        found[key].known.add(known_as)
    return found


def _rows(model: Any, keys: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(permit__in=keys).order_by("place"):
        found[row.permit_id].append(row)
    return found


def _tests(keys: Collection[int]) -> dict[int, Test]:
    """Return the newest test of each."""
    found = {}
    for row in GasTest.objects.filter(permit__in=keys).order_by("taken_at", "pk"):
        found[row.permit_id] = Test(row.taken_at, row.is_fit, frozenset(one["substance"] for one in row.readings))
    return found


def _links(keys: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = PermitLink.objects.filter(Q(first__in=keys) | Q(second__in=keys)).order_by("pk")
    for first, second in rows.values_list("first_id", "second_id"):
        found[first].add(second)
        found[second].add(first)
    return found


def may_sign_as(
    permit: Permit,
    view_parts: Iterable[PermitPart],
    offices: Collection[str],
    person: Person,
    again: Collection[str] = (),
) -> list[str]:
    """Return as what a person may sign a permit in its state now, in the order of the sheet: `co_signer:office` for offices.

    `again` are signatures that were voided: they are given again in any state until it is over.
    """
    from ronghe.domain.permits.calc.grading import parties_of

    operation = profile_called(permit.profile).operation(permit.operation)
    parts = {row.role for row in view_parts if row.person_id == person.pk}
    matrix = parties_of(operation, permit.grade)
    by_state: dict[str, list[tuple[str, bool]]] = {
        PermitState.DRAFT: [(SignRole.RISK_BUILDER, PartRole.JOB_LEADER in parts), (SignRole.RISK_HOST, "host" in offices)],
        PermitState.SUBMITTED: [(f"co_signer:{office}", office in offices) for office in matrix.co_signers],
        PermitState.COSIGNED: [(SignRole.VERIFIER, "host" in offices)],
        PermitState.VERIFIED: [(SignRole.APPROVER, matrix.approver in offices)],
        PermitState.APPROVED: [
            (SignRole.BRIEFER, PartRole.BRIEFER in parts), (SignRole.BRIEFED, PartRole.JOB_LEADER in parts),
            (SignRole.GUARDIAN, PartRole.GUARDIAN in parts and operation.is_special),
            (SignRole.CHECKER, bool(matrix.checker) and matrix.checker in offices),
        ],
        PermitState.COMPLETED: [(SignRole.ACCEPTOR, "host" in offices)],
    }  # fmt: skip
    asked = [
        (role, may) for state, some in by_state.items() for role, may in some if state == permit.state or role in again
    ]
    return [] if permit.state in OVER else [str(role) for role, may in asked if may]


def sites_of(keys: Collection[int]) -> dict[int, PermitSite]:
    return {site.pk: site for site in PermitSite.objects.filter(pk__in=keys).order_by("pk")}
