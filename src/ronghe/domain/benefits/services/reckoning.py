"""Working out what an idea saves: before, when it is reviewed, and after, when it is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from ronghe.domain.benefits.calc.reckoning import MOST_FEN, LineIn, equal_shares, total_fen
from ronghe.domain.benefits.enums import Stage
from ronghe.domain.benefits.facts import RECKONED
from ronghe.domain.benefits.models import BenefitCase, MeritShare, Reckoning, ReckoningLine
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.benefits.services.telling import tell_money
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.showing import RecordOf, show_with
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, prepare_file
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

MOST_LINES = 40
LONGEST = 1000
MOST_DAYS = 3650


class NothingReckoned(DomainError):
    code = "benefit_nothing_reckoned"
    sentence = N_("请至少算一行，或写明原来几天、现在几天。")
    status = 422


class BasisMissing(DomainError):
    code = "benefit_basis_missing"
    sentence = N_("请写明数从哪里来，例如合同单价、结算单、台账。")
    status = 422


class LineUnfit(DomainError):
    code = "benefit_line_unfit"
    sentence = N_(
        "第 %(place)s 行“%(what)s”的数不对：数量、单价不能小于 0，数量最多 3 位小数，单价最多 2 位小数，也不能太大。"
    )
    status = 422


class LineNameless(DomainError):
    code = "benefit_line_nameless"
    sentence = N_("第 %(place)s 行请写明算的是什么。")
    status = 422


class TooManyLines(DomainError):
    code = "benefit_too_many_lines"
    sentence = N_("最多 %(most)s 行，请把小项合并。")
    status = 422


class DaysUnfit(DomainError):
    code = "benefit_days_unfit"
    sentence = N_("工期的天数要在 0 到 %(most)s 之间。")
    status = 422


@dataclass(frozen=True, slots=True)
class ReckoningIn:
    """What was worked out: money line by line, and how many days it takes before and after."""

    lines: Sequence[LineIn] = ()
    days_before: int = 0
    days_after: int = 0
    basis: str = ""


def estimate_idea(
    *, item: WorkItem, reckoning: ReckoningIn, actor: Person, at: datetime, uploads: Sequence[Upload] = (),
    records: Sequence[RecordOf] = (),
) -> Reckoning:  # fmt: skip
    """Work out what an idea would save and hand it in for review; zone and project are filled in where they are known.

    :raises NothingReckoned, BasisMissing, LineNameless, LineUnfit, TooManyLines, DaysUnfit: not worked out
    :raises NotAllowed, StepNotAllowed, Stale: as any step
    """
    BENEFIT.step_by_id["estimate"].right.require(actor, item, at=at)
    _refuse_unfit(reckoning)
    files = [prepare_file(upload) for upload in uploads]
    with transaction.atomic():
        _fill_place(item)
        show_with(item, files, records, actor, at)
        go(item=item, spec=BENEFIT.step_by_id["estimate"], actor=actor, at=at)
        made = _keep(item, Stage.ESTIMATE, reckoning, actor, at)
        BenefitCase.objects.update_or_create(
            item=item,
            defaults={
                "estimated_fen": made.fen, "estimated_days": made.days, "estimated_on": local_day(at),
                "estimated_by": actor, "first_reviewer": None, "second_reviewer": None, "approved_on": None,
            },
        )  # fmt: skip
    return made


def realise_idea(
    *, item: WorkItem, reckoning: ReckoningIn, actor: Person, at: datetime, uploads: Sequence[Upload] = (),
    records: Sequence[RecordOf] = (), note: str = "",
) -> Reckoning:  # fmt: skip
    """Fill in what was saved in fact, with what shows it; shares of the merit are proposed where nobody set them.

    :raises StepEvidenceMissing: nothing was shown since it began
    :raises: as `estimate_idea`
    """
    spec = BENEFIT.step_by_id["realise"]
    spec.right.require(actor, item, at=at)
    _refuse_unfit(reckoning)
    is_shown = bool(uploads or records) or item.evidence.filter(added_at__gte=item.since).exists()
    if BENEFIT.flow.allows(item, spec.id) and not is_shown:
        raise StepEvidenceMissing(step=_(spec.title))
    files = [prepare_file(upload) for upload in uploads]
    with transaction.atomic():
        show_with(item, files, records, actor, at)
        go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note))
        made = _keep(item, Stage.ACTUAL, reckoning, actor, at)
        BenefitCase.objects.update_or_create(
            item=item,
            defaults={
                "realised_fen": made.fen, "realised_days": made.days, "realised_on": local_day(at), "realised_by": actor,
            },
        )  # fmt: skip
        _propose_shares(item, actor, at)
    return made


def people_of(item: WorkItem) -> list[Person]:
    """Return who may share the merit: who raised it, who carries it out, who lent a hand; each once, in this order."""
    helpers = [row.person for row in item.people.filter(until=None).select_related("person").order_by("since", "pk")]
    found: dict[int, Person] = {}
    for person in (item.raised_by, item.owner, *helpers):
        if person is not None:
            found.setdefault(person.pk, person)
    return list(found.values())


def _keep(item: WorkItem, stage: Stage, given: ReckoningIn, actor: Person, at: datetime) -> Reckoning:
    number = Reckoning.objects.filter(item=item, stage=stage).count() + 1
    made = Reckoning.objects.create(
        item=item, stage=stage, number=number, fen=total_fen(given.lines), days_before=given.days_before,
        days_after=given.days_after, basis=given.basis.strip()[:LONGEST], by=actor, at=at,
    )  # fmt: skip
    ReckoningLine.objects.bulk_create(
        ReckoningLine(
            reckoning=made, place=place, what=line.what.strip(), unit=line.unit.strip(),
            before_quantity=line.before_quantity, before_price=line.before_price, after_quantity=line.after_quantity,
            after_price=line.after_price, fen=line.fen,
        )
        for place, line in enumerate(given.lines, start=1)
    )  # fmt: skip
    tell_money(item, RECKONED, actor, at, made.fen, stage=stage, round=number, days=made.days, lines=len(given.lines))
    return made


def _propose_shares(item: WorkItem, actor: Person, at: datetime) -> None:
    if MeritShare.objects.filter(item=item).exists():
        return
    people = people_of(item)
    shares = zip(people, equal_shares(len(people)), strict=True)
    MeritShare.objects.bulk_create(
        MeritShare(item=item, person=person, percent=percent, set_by=actor, set_at=at) for person, percent in shares
    )


def _fill_place(item: WorkItem) -> None:
    """Let the idea stand in the zone of its body, and in the zone's project where there is only one."""
    known: dict[str, Any] = {}
    zone = item.zone or CollaborationZone.objects.filter(body=item.body_id).first()
    if zone is not None and item.zone_id is None:
        known["zone"] = zone
    if zone is not None and item.project_id is None:
        projects = list(zone.projects.order_by("pk")[:2])
        if len(projects) == 1:
            known["project"] = projects[0]
    if known:
        WorkItem.objects.filter(pk=item.pk).update(**known)
        for name, value in known.items():
            setattr(item, name, value)


def _refuse_unfit(given: ReckoningIn) -> None:
    if not given.basis.strip():
        raise BasisMissing
    if not all(0 <= days <= MOST_DAYS for days in (given.days_before, given.days_after)):
        raise DaysUnfit(most=MOST_DAYS)
    if not given.lines and given.days_before == given.days_after:
        raise NothingReckoned
    if len(given.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    for place, line in enumerate(given.lines, start=1):
        if not line.what.strip():
            raise LineNameless(place=place)
        if not _fits(line):
            raise LineUnfit(place=place, what=line.what)


def _fits(line: LineIn) -> bool:
    quantities, prices = (line.before_quantity, line.after_quantity), (line.before_price, line.after_price)
    sizes = [(value, 3, 9) for value in quantities] + [(value, 2, 12) for value in prices]
    return all(_is_within(value, places, whole) for value, places, whole in sizes) and abs(line.fen) <= MOST_FEN


def _is_within(value: Decimal, places: int, whole: int) -> bool:
    if not value.is_finite() or value < 0 or value >= 10**whole:
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places
