"""What a model gives people to fill in: figures of a record, the text of an agreement, the stages of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import Formatter

from ronghe.domain.playbooks.calc.phrases import Entry, Words
from ronghe.domain.playbooks.calc.vocabulary import Better, GoalHead

PLACEHOLDERS = ("project", "parties", "starts_on", "ends_on")
"""What a text of an agreement leaves open, written {project}."""


class PlaceholderUnknown(ValueError):
    """A text with an open place that nothing fills; `name` is empty where a brace stands alone."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class FormFigure:
    """A figure that the record of a gathering asks for; `whole` ones take no decimals."""

    id: str
    title: Words
    unit: Words
    whole: bool


@dataclass(frozen=True, slots=True)
class AgreementSection:
    """One section of an agreement's text, with its open places."""

    id: str
    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class AgreementGoalForm:
    """A goal that the sides start from; `baseline` and `target` are numbers as texts, or left to the sides."""

    id: str
    head: GoalHead
    title: Words
    unit: Words
    better: Better
    baseline: str | None
    target: str | None


@dataclass(frozen=True, slots=True)
class AgreementForm:
    """The agreement that a model begins with (SD-02): a text to negotiate and the goals under three heads."""

    title: Words
    preamble: Words
    sections: tuple[AgreementSection, ...]
    goals: tuple[AgreementGoalForm, ...]


@dataclass(frozen=True, slots=True)
class CampaignStage:
    """A stage of a campaign, from a day until (not including) a day, and what is held in it."""

    id: str
    title: Words
    from_on: date
    until_on: date
    mechanisms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CampaignForm:
    """A campaign (专项活动): from `starts` until (not including) `ends`, in stages, and the sections of its report."""

    starts: date
    ends: date
    stages: tuple[CampaignStage, ...]
    report: tuple[Entry, ...]

    def stage_on(self, day: date) -> CampaignStage | None:
        """Return the stage that `day` lies in, the later one where two overlap."""
        return next((stage for stage in reversed(self.stages) if stage.from_on <= day < stage.until_on), None)


def placeholders_in(text: str) -> tuple[str, ...]:
    """Return the names of the open places of a text, in order.

    :raises PlaceholderUnknown: one is not among `PLACEHOLDERS`, or a brace stands alone
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise PlaceholderUnknown("") from error
    names = []
    for _before, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in PLACEHOLDERS or spec or conversion:
            raise PlaceholderUnknown(name)
        names.append(name)
    return tuple(names)


def filled(text: str, *, project: str, parties: str, starts_on: str, ends_on: str) -> str:
    """Return a text of the agreement with its open places filled in; what is filled in is never read for places."""
    return text.format(project=project, parties=parties, starts_on=starts_on, ends_on=ends_on)
