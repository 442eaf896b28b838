"""The units of a roll-out as tiles by upper body; colours are classes of `pages/rollouts.css`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronghe.domain.rollouts.selectors.conformance import Standing, Uptake

MOST_TILES = 240
"""With more units every upper body is one tile that opens its own."""

WORDS = {
    Uptake.ADOPTED: gettext_lazy("已采用"),
    Uptake.OLDER: gettext_lazy("旧版"),
    Uptake.OWN: gettext_lazy("自有版本"),
    Uptake.NOT_YET: gettext_lazy("尚未采用"),
    Uptake.OVERDUE: gettext_lazy("逾期未采用"),
}
SHAPES = {
    Uptake.ADOPTED: "done",
    Uptake.OLDER: "attention",
    Uptake.OWN: "running",
    Uptake.NOT_YET: "upcoming",
    Uptake.OVERDUE: "failed",
}
GOOD, FAIR = Decimal(90), Decimal(70)
"""Per cent met in time from which a tile is drawn full and half full."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit, or all below one upper body. `title` says everything, for the pointer and for readers."""

    look: str
    shape: str
    name: str
    words: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The units below one upper body."""

    name: str
    count: int
    adopted: int
    tiles: list[Tile]


def tiles_of(rollout_id: int, standings: Sequence[Standing]) -> list[TileGroup]:
    """Return the map: a group for each upper body, a tile for each unit, or one for all of a group where they are many."""
    groups: dict[tuple[int | None, str], list[Standing]] = {}
    for one in standings:
        parent = one.target.body.parent
        groups.setdefault((parent.pk if parent else None, parent.name if parent else ""), []).append(one)
    is_folded = len(standings) > MOST_TILES and len(groups) > 1
    return [
        TileGroup(
            name or _("没有上级"),
            len(units),
            sum(one.has_adopted for one in units),
            [_folded(rollout_id, pk, name, units)] if is_folded else [_tile(one) for one in units],
        )
        for (pk, name), units in groups.items()
    ]


def _tile(one: Standing) -> Tile:
    share = one.conformance.share
    word = str(WORDS[one.uptake])
    said = [word]
    if share is not None:
        said.append(_("按时 %(share)s%%") % {"share": share})
    if one.has_adopted and one.differences:
        said.append(_("%(count)s 项不同") % {"count": one.differences})
    if one.conformance.waived:
        said.append(_("免办 %(count)s 件") % {"count": one.conformance.waived})
    text = _("，").join(said)
    return Tile(
        f"{one.uptake} {_fill(share)}".strip() if one.has_adopted else str(one.uptake),
        SHAPES[one.uptake],
        one.target.body.name,
        f"{share}%" if share is not None and one.has_adopted else word,
        _("%(name)s：%(said)s") % {"name": one.target.body.name, "said": text},
        reverse("web:rollout_unit", args=[one.target.pk]),
    )


def _folded(rollout_id: int, pk: int | None, name: str, units: Sequence[Standing]) -> Tile:
    adopted = sum(one.has_adopted for one in units)
    overdue = sum(one.uptake is Uptake.OVERDUE for one in units)
    uptake = Uptake.OVERDUE if overdue else Uptake.ADOPTED if adopted == len(units) else Uptake.NOT_YET
    words = f"{adopted} / {len(units)}"
    href = reverse("web:rollout_units", args=[rollout_id]) + (f"?below={pk}" if pk else "")
    title = _("%(name)s：%(said)s") % {"name": name, "said": _("已采用 %(words)s") % {"words": words}}
    return Tile(f"{uptake} folded", SHAPES[uptake], name, words, title, href)


def _fill(share: Decimal | None) -> str:
    if share is None:
        return "fill-none"
    return "fill-good" if share >= GOOD else "fill-fair" if share >= FAIR else "fill-poor"
