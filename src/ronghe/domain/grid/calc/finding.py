"""Finding the gaps of a part of the organization: every check asked of every place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ronghe.domain.grid.calc import checks
from ronghe.domain.grid.calc.kinds import KINDS, Gap, Place
from ronghe.domain.grid.calc.state import LEVELS, Body, GridState, Unit
from ronghe.kernel.words import N_, _

GROUP_SIZE = 10
"""About so many members a group, where a number of groups is suggested."""
_ACTS: Mapping[str, dict[str, str | int]] = {"branch_too_small": {"act": "merge"}, "branch_too_large": {"act": "split"}}
STAFFED = {"attended": N_("有人值守"), "sparse": N_("少人值守")}


def find_gaps(state: GridState) -> list[Gap]:
    """Return all gaps, those that must be closed first, then in the order of `KINDS` and by place."""
    order = {code: number for number, code in enumerate(KINDS)}
    found = [*_of_bodies(state), *_of_units(state), *_of_people(state), *_of_sites(state)]
    return sorted(
        found, key=lambda gap: (not gap.is_failed, order[gap.kind.code], gap.place.above, gap.place.name, gap.key)
    )


def _of_bodies(state: GridState) -> Iterator[Gap]:
    for body in state.bodies.values():
        place = _body_place(state, body)
        if body.is_branch:
            yield from _of_branch(state, body, place)
        elif body.kind in LEVELS:
            yield from _of_upper(state, body, place)
        elif body.kind == "party_group":
            yield from _of_group(state, body, place)
        if body.kind in LEVELS:
            yield from _of_leading(state, body, place)


def _of_branch(state: GridState, body: Body, place: Place) -> Iterator[Gap]:
    groups = len(state.groups.get(body.pk, ()))
    wanted = max(2, round(body.members / GROUP_SIZE))
    figures = {
        "formal": body.formal, "members": body.members, "groups": wanted, "ungrouped": body.ungrouped,
        "least": state.figures["branch.min_formal"], "limit": state.figures["branch.max_members"],
        "hint": state.figures["group.split_hint"],
    }  # fmt: skip
    codes = checks.size_gaps(body.kind, body.formal, body.members, state.figures, groups=groups)
    for code in (*codes, checks.ungrouped_gap(groups, body.ungrouped)):
        if code == "branch_at_minimum":
            yield Gap(KINDS[code], place, figures, args=(body.pk,))
        elif code is not None:
            yield Gap(KINDS[code], place, figures, query={**_ACTS.get(code, {}), "body": body.pk})
    if not body.has_contact:
        yield Gap(KINDS["branch_without_contact"], place, query={"body": body.pk})
    if body.pk in state.overloaded:
        number, most = state.overloaded[body.pk]
        loads = {"overloaded": number, "most": most}
        yield Gap(KINDS["members_overloaded"], place, loads, query={"body": body.pk})


def _of_upper(state: GridState, body: Body, place: Place) -> Iterator[Gap]:
    formal, members = state.formal_below[body.pk], state.members_below[body.pk]
    limits = ("committee.min", "general_branch.min")
    figures = {"members": members, **{code.replace(".", "_"): state.figures[code] for code in limits}}
    for code in checks.size_gaps(body.kind, formal, members, state.figures, is_approved=body.is_approved):
        yield Gap(KINDS[code], place, figures, query={"act": "convert", "body": body.pk})


def _of_leading(state: GridState, body: Body, place: Place) -> Iterator[Gap]:
    if not body.has_secretary:
        yield Gap(KINDS["secretary_vacant"], place, query={"body": body.pk, "kind": "by_election"})
    if code := checks.term_gap(body.term_ends, state.day, state.remind_months):
        figures = {"ends": body.term_ends.isoformat()} if body.term_ends is not None else {}
        yield Gap(KINDS[code], place, figures, query={"body": body.pk})


def _of_group(state: GridState, group: Body, place: Place) -> Iterator[Gap]:
    counts = {"members": group.members, "formal": group.formal}
    least = {"least": state.figures["group.min_members"], "full": state.figures["group.min_formal"]}
    for code in checks.size_gaps(group.kind, group.formal, group.members, state.figures):
        yield Gap(KINDS[code], place, {**counts, **least}, query={"body": place.body})
    leading = checks.group_leader_gap(has_leader=group.leader is not None, is_formal=group.is_leader_formal)
    if leading is not None:
        yield Gap(KINDS[leading], place, counts, args=(group.pk,))
    team = state.units.get(state.pairs.get(group.pk, 0))
    if team is None:
        yield from _unpaired_group(state, group, place)
        return
    in_team = sum(group.members_by_unit.get(unit, 0) for unit in _below(state, team.pk))
    pairing = checks.pair_gap(group.members, in_team, group.leader, team.leader)
    if pairing is not None:
        query = {} if pairing == "pair_two_leaders" else {"body": place.body}
        yield Gap(KINDS[pairing], place, {**counts, "in_team": in_team, "team": team.name}, query=query)


def _unpaired_group(state: GridState, group: Body, place: Place) -> Iterator[Gap]:
    """A group whose members mostly work in one team that has no group belongs to that team (PP-11)."""
    if group.pk in state.pairs or not group.members_by_unit:
        return
    paired = set(state.pairs.values())
    unit, number = max(group.members_by_unit.items(), key=lambda row: (row[1], -row[0]))
    team = state.units.get(unit)
    if team is not None and team.kind in {"team", "station"} and unit not in paired:
        figures = {"members": group.members, "in_team": number, "team": team.name}
        yield Gap(KINDS["group_unpaired"], place, figures, query={"group": group.pk, "team": unit})


def _of_units(state: GridState) -> Iterator[Gap]:
    paired = set(state.pairs.values())
    for unit in state.units.values():
        body = state.body_of_unit.get(unit.pk)
        if body is None:
            continue
        place = Place("unit", unit.pk, state.label(unit), state.bodies[body].name, body)
        if unit.kind == "team":
            yield from _of_team(state, unit, place, is_paired=_is_paired(state, unit, paired))
        elif unit.kind == "station":
            yield from _of_station(state, unit, place, paired)


def _of_people(state: GridState) -> Iterator[Gap]:
    """Who is in no branch (PO-13) and who has no named member (SD-09): one gap a body, with the units counted."""
    homeless: dict[int, list[int]] = defaultdict(list)
    unnamed: dict[int, list[int]] = defaultdict(list)
    for pk, body in state.body_of_unit.items():
        unit = state.units[pk]
        if unit.homeless:
            homeless[body].append(unit.homeless)
        if unit.unnamed:
            unnamed[body].append(unit.unnamed)
    for pk, numbers in homeless.items():
        query: dict[str, str | int] = {"act": "found", "kind": "branch", "parent": _upper_of(state, pk)}
        figures = {"homeless": sum(numbers), "units": len(numbers)}
        yield Gap(KINDS["members_without_home"], _body_place(state, state.bodies[pk]), figures, query=query)
    for pk, numbers in unnamed.items():
        figures = {"unnamed": sum(numbers), "units": len(numbers)}
        yield Gap(KINDS["employees_unnamed"], _body_place(state, state.bodies[pk]), figures, query={"body": pk})


def _of_team(state: GridState, unit: Unit, place: Place, *, is_paired: bool) -> Iterator[Gap]:
    if code := checks.team_gap(unit.employees, unit.members, is_paired=is_paired):
        yield _built_in(state, code, place, {"employees": unit.employees})
    body = state.bodies[place.body]
    enough = unit.members >= state.figures["group.min_members"] and state.groups.get(body.pk)
    if body.is_branch and enough and not is_paired and not _group_at(state, body, unit):
        query: dict[str, str | int] = {"act": "found", "kind": "party_group", "parent": body.pk}
        yield Gap(KINDS["team_unpaired"], place, {"members": unit.members}, query=query)


def _of_station(state: GridState, unit: Unit, place: Place, paired: set[int]) -> Iterator[Gap]:
    people = state.staff[unit.pk]
    if code := checks.station_gap(unit.staffing, people):
        figures = {"people": people, "staffing": _(STAFFED.get(unit.staffing or "", STAFFED["attended"]))}
        yield Gap(KINDS[code], place, figures, args=(unit.pk,))
    party_part = has_party_part(state, unit, paired)
    if code := checks.station_part_gap(unit.staffing, people, state.figures, has_party_part=party_part):
        yield _built_in(state, code, place, {"people": people})


def _built_in(state: GridState, code: str, place: Place, figures: Mapping[str, object]) -> Gap:
    """A gap that building the unit into a Party group closes; where the branch has none, founding one comes first."""
    if state.groups.get(place.body):
        return Gap(KINDS[code], place, figures, query={"team": place.pk})
    query: dict[str, str | int] = {"act": "found", "kind": "party_group", "parent": place.body}
    return Gap(KINDS[code], place, figures, query=query, instead="body_act_create")


def _of_sites(state: GridState) -> Iterator[Gap]:
    for site in state.sites:
        sponsor = state.bodies.get(site.sponsor)
        if sponsor is None:
            continue
        if code := checks.site_gap(site.since, state.day, state.figures, has_body=site.has_body):
            place = (
                Place("zone", site.zone, site.name, sponsor.name, sponsor.pk)
                if site.unit is None
                else Place("unit", site.unit, site.name, sponsor.name, sponsor.pk)
            )
            query: dict[str, str | int] = {"act": "found", "kind": "temporary_branch", "parent": sponsor.pk}
            yield Gap(KINDS[code], place, {"since": site.since.isoformat()}, query=query)


def _body_place(state: GridState, body: Body) -> Place:
    above = state.bodies.get(body.parent or 0)
    answering = state.branch_of(body.pk)
    return Place("body", body.pk, body.name, above.name if above is not None else "", answering)


def _upper_of(state: GridState, body: int) -> int:
    """Return the nearest committee or general branch at or above the body, below which a branch is founded."""
    for node in state.path(body):
        if node.kind in {"committee", "general_branch"}:
            return node.pk
    return body


def _below(state: GridState, unit: int) -> Iterator[int]:
    yield unit
    for child in state.units_below.get(unit, ()):
        yield from _below(state, child)


def _is_paired(state: GridState, unit: Unit, paired: set[int]) -> bool:
    """Tell whether the unit, or one that it stands in, is built into a Party group."""
    place: Unit | None = unit
    while place is not None:
        if place.pk in paired:
            return True
        place = state.units.get(place.parent or 0)
    return False


def _group_at(state: GridState, branch: Body, unit: Unit) -> bool:
    """Tell whether one of the branch's unpaired groups has its members mostly in the unit: then the group is the gap."""
    return any(
        group.pk not in state.pairs and group.members_by_unit
        and max(group.members_by_unit.items(), key=lambda row: (row[1], -row[0]))[0] == unit.pk
        for group in state.groups.get(branch.pk, ())
    )  # fmt: skip


def has_party_part(state: GridState, unit: Unit, paired: set[int]) -> bool:
    """Tell whether somebody of the Party answers at the station: it carries a body, or it or a team of it is paired."""
    inside = any(below in paired or below in state.party_units for below in _below(state, unit.pk))
    return inside or _is_paired(state, unit, paired)
