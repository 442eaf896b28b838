"""Conflict search among 5,000 live permits ÷ holding every pair against each other, in one run.

    python benchmarks/permit_conflicts.py [how many]

Prints whether both find the same conflicts, how many, the seconds of each, and the ratio; then what it costs to hold one
more permit against all that are live. Works are spread over twelve sites with hot spots, some without coordinates, over
three days. Target: the same answers in at most a twentieth of the time, one permit in under a millisecond.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations

from ronghe.domain.permits.calc.conflicts import Index, Work, all_conflicts, between, rules_of
from ronghe.domain.permits.calc.profiles import profile_called

KINDS = ("hot_work", "hot_work", "confined_space", "blind_plate", "work_at_height", "lifting", "temporary_power",
         "excavation", "road_breaking", "pipeline_opening", "vent_gas", "drain_liquid", "painting", "sampling")  # fmt: skip
SITES, SIDE = 12, 4_000
"""Sites, and the side of each in decimetres."""
START = datetime(2026, 9, 14, tzinfo=UTC)
MOST_RATIO = 0.05


def works(count: int, chance: random.Random) -> list[Work]:
    made = []
    for number in range(count):
        bare = chance.random() < 0.05
        begins = START + timedelta(minutes=chance.randrange(3 * 24 * 60))
        middle = SIDE // 2 if chance.random() < 0.3 else None
        x, y = (int(chance.gauss(middle, 300)) if middle else chance.randrange(SIDE) for _axis in range(2))
        kind = chance.choice(KINDS)
        made.append(
            Work(
                f"w{number}", chance.randrange(SITES), kind, f"A{x // 1_000}{y // 1_000}", begins,
                begins + timedelta(hours=chance.choice((4, 8, 24, 72))), None if bare else x, None if bare else y,
                chance.choice((100, 200, 300)) if kind == "lifting" else 0,
                space=f"V{chance.randrange(60)}" if chance.random() < 0.1 else "",
                pipe=f"P{chance.randrange(60)}" if kind in ("blind_plate", "pipeline_opening") else "",
                bund=f"T{chance.randrange(30)}" if chance.random() < 0.1 else "",
                fall_line=f"F{chance.randrange(60)}" if kind == "work_at_height" else "",
            )
        )  # fmt: skip
    return made


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    some, rules = works(count, random.Random(30871)), rules_of(profile_called("cnpc"))
    begun = time.process_time()
    found = all_conflicts(some, rules)
    indexed = time.process_time() - begun
    begun = time.process_time()
    every = {conflict for one, other in combinations(some, 2) for conflict in between(one, other, rules)}
    brute = time.process_time() - begun
    index = Index(rules, some)
    begun = time.process_time()
    for work in some[:500]:
        index.against(work)
    single = (time.process_time() - begun) / 500
    ratio = indexed / brute
    print(f"{count} works, {len(every)} conflicts, the same answers: {found == every}")
    print(f"index {indexed:.3f} s, every pair {brute:.3f} s of CPU, ratio {ratio:.4f} (at most {MOST_RATIO})")
    print(f"one permit against all that are live: {single * 1000:.3f} ms")
    return 0 if found == every and ratio <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
