"""Where the bones of a fishbone stand: plain coordinates, so that the picture is drawn from the data and nothing else.

Heads stand three above and three below the spine, as they are customarily ordered. Texts are cut to what fits beside the
bone; the whole of them stands in the list below the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 720
BONE = 208
"""Between two heads on one side."""
LINE = 20
NARROW = 360
FITS = 11
"""Characters of a cause beside its bone."""
FEWEST_LINES = 2


@dataclass(frozen=True, slots=True)
class CauseAt:
    """A cause at its place; its text ends there."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class BoneAt:
    """A head with the line from it to the spine and its causes; `from_x, from_y` is the head's end."""

    head: str
    from_x: int
    from_y: int
    to_x: int
    to_y: int
    label_y: int
    causes: tuple[CauseAt, ...]


@dataclass(frozen=True, slots=True)
class Fishbone:
    width: int
    height: int
    spine_y: int
    spine_end: int
    bones: tuple[BoneAt, ...]


def draw(heads: Sequence[str], causes: Mapping[str, Sequence[str]]) -> Fishbone:
    """Return the picture of six `heads` (three above, three below) with what hangs on each."""
    most = [max([FEWEST_LINES, *(len(causes.get(head, ())) for head in side)]) for side in (heads[:3], heads[3:])]
    above, below = (28 + LINE * (lines + 1) for lines in most)
    spine = above + 8
    bones = [_bone(head, place, causes.get(head, ()), spine, above, up=True) for place, head in enumerate(heads[:3])]
    bones += [_bone(head, place, causes.get(head, ()), spine, below, up=False) for place, head in enumerate(heads[3:])]
    return Fishbone(WIDTH, spine + below + 8, spine, WIDTH - 64, tuple(bones))


@dataclass(frozen=True, slots=True)
class RibAt:
    """A head on the phone's picture: a level line to the spine, its causes below it."""

    head: str
    is_left: bool
    x: int
    y: int
    causes: tuple[CauseAt, ...]


@dataclass(frozen=True, slots=True)
class Upright:
    """The picture for a phone: the spine stands, heads left and right of it."""

    width: int
    height: int
    spine_x: int
    ribs: tuple[RibAt, ...]


def draw_upright(heads: Sequence[str], causes: Mapping[str, Sequence[str]]) -> Upright:
    """Return the same for 360 units of width: heads in pairs, as many rows below each as the fuller one has causes."""
    ribs, y = [], 22
    for left, right in zip(heads[0::2], heads[1::2], strict=True):
        for head, is_left in ((left, True), (right, False)):
            x = 8 if is_left else NARROW - 8
            shown = [
                CauseAt(x, y + 8 + LINE * number, cut(text))
                for number, text in enumerate(causes.get(head, ()), start=1)
            ]
            ribs.append(RibAt(head, is_left, x, y, tuple(shown)))
        y += 40 + LINE * max(1, len(causes.get(left, ())), len(causes.get(right, ())))
    return Upright(NARROW, y + 24, NARROW // 2, tuple(ribs))


def cut(text: str) -> str:
    """Return as much of a text as fits beside a bone."""
    return text if len(text) <= FITS else f"{text[: FITS - 1]}…"


def _bone(head: str, place: int, causes: Sequence[str], spine: int, room: int, *, up: bool) -> BoneAt:
    to_x = 210 + BONE * place
    from_x, sign = to_x - 40, -1 if up else 1
    from_y = spine + sign * (room - 20)
    shown = []
    for number, text in enumerate(causes):
        y = spine + sign * (LINE * (number + 1) + 4)
        share = abs(y - spine) / (room - 20)
        shown.append(CauseAt(round(to_x - 40 * share) - 6, y + 4, cut(text)))
    return BoneAt(head, from_x, from_y, to_x, spine, from_y - 6 if up else from_y + 16, tuple(shown))
