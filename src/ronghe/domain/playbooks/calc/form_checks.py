"""What the schema cannot see in agreements, campaigns, dated mechanisms and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from ronghe.domain.playbooks.calc.forms import PLACEHOLDERS, PlaceholderUnknown, placeholders_in
from ronghe.domain.playbooks.calc.keys import KEYS, KeyType
from ronghe.domain.playbooks.calc.problems import Problem, Severity
from ronghe.domain.playbooks.calc.reading import read_share
from ronghe.domain.playbooks.calc.yaml_text import Path
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.words import N_, listed

Data = Mapping[str, Any]


def day_problems(text: str | None, path: Path) -> Iterator[Problem]:
    """Find a text that has the form of a day and is none, such as 2026-02-30."""
    if text is not None and _day(text) is None:
        yield Problem("not_a_day", N_("没有 %(day)s 这一天。"), path, details={"day": text})


def span_problems(data: Data, path: Path, begin: str = "from_on", end: str = "until_on") -> Iterator[Problem]:
    """Find days that are none, and an end that does not lie after its begin."""
    yield from day_problems(data.get(begin), (*path, begin))
    yield from day_problems(data.get(end), (*path, end))
    from_on, until_on = _day(data.get(begin)), _day(data.get(end))
    if from_on and until_on and from_on >= until_on:
        yield Problem(
            "days_order",
            N_("从 %(from)s 到 %(until)s 之前，中间没有一天；结束写最后一天的后一天。"),
            (*path, end),
            details={"from": data[begin], "until": data[end]},
        )


def agreement_problems(own: Data) -> Iterator[Problem]:
    """Find open places that nothing would fill."""
    agreement = own.get("agreement")
    if agreement is None:
        return
    texts: list[tuple[Data, Path]] = [(agreement["preamble"], ("agreement", "preamble"))]
    texts += [(s["text"], ("agreement", "sections", n, "text")) for n, s in enumerate(agreement["sections"])]
    for words, path in texts:
        for language in ("zh", "en"):
            yield from _placeholder_problems(words[language], (*path, language))


def _placeholder_problems(text: str, path: Path) -> Iterator[Problem]:
    try:
        placeholders_in(text)
    except PlaceholderUnknown as refusal:
        known = listed(f"{{{name}}}" for name in PLACEHOLDERS)
        if refusal.name:
            sentence = N_("空位“{%(name)s}”没有内容可填。可以用：%(known)s。")
        else:
            sentence = N_("花括号没有配对，或者里面是空的。空位可以用：%(known)s。")
        yield Problem("unknown_placeholder", sentence, path, details={"name": refusal.name, "known": known})


def campaign_problems(own: Data, mechanisms: set[str]) -> Iterator[Problem]:
    """Find stages outside the campaign, days that no stage covers, and mechanisms that nobody wrote."""
    campaign = own.get("campaign")
    if campaign is None:
        return
    wrong = list(span_problems(campaign, ("campaign",), "starts", "ends"))
    for number, stage in enumerate(campaign["stages"]):
        path: Path = ("campaign", "stages", number)
        wrong += span_problems(stage, path)
        for place, name in enumerate(stage.get("mechanisms", ())):
            if name not in mechanisms:
                yield Problem(
                    "unknown_mechanism",
                    N_("没有编号为“%(id)s”的制度。"),
                    (*path, "mechanisms", place),
                    details={"id": name},
                )
    yield from wrong
    if not wrong:
        yield from _stages_against(campaign)


def _stages_against(campaign: Data) -> Iterator[Problem]:
    stages = campaign["stages"]
    for number, stage in enumerate(stages):
        if stage["from_on"] < campaign["starts"] or stage["until_on"] > campaign["ends"]:
            yield Problem(
                "stage_outside",
                N_("这个阶段不在活动的 %(starts)s 到 %(ends)s 之间。"),
                ("campaign", "stages", number),
                details={"starts": campaign["starts"], "ends": campaign["ends"]},
            )
    for number, (one, following) in enumerate(pairwise(stages), start=1):
        path: Path = ("campaign", "stages", number, "from_on")
        if following["from_on"] < one["from_on"]:
            yield Problem("stages_order", N_("阶段要按开始日期先后写。"), path)
        elif date.fromisoformat(one["until_on"]) + DAY == date.fromisoformat(following["from_on"]):
            yield Problem(
                "stage_gap",
                N_("%(day)s 不属于任何阶段：until_on 不含当天，一般与下一阶段的 from_on 相同。"),
                path,
                details={"day": one["until_on"]},
                severity=Severity.WARNING,
            )


def key_problems(own: Data) -> Iterator[Problem]:
    """Find shares that are none."""
    for name, value in own.get("keys", {}).items():
        if KEYS[name].type is KeyType.SHARE and not 0 < read_share(value) <= 1:
            yield Problem(
                "share_out_of_range",
                N_("占比“%(value)s”要大于 0，不超过 1。"),
                ("keys", name),
                details={"value": value},
            )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
