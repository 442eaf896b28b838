"""Permit profiles: numbers, grades, approvers and measures of each operation, read from data and checked.

A profile may lean on another one; what it says stands before what the other says. A number knows its rule, its clause,
and whether the text of the standard was seen (`is_checked`); one that was not is a setting, and shown as such.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from ronghe.domain.permits.calc.shape import PROFILE_SCHEMA
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.yaml_text import read_yaml
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_

NO_GRADE = "none"
FOLDER = SHIPPED / "permits"

Words = Mapping[str, str]
"""What readers see, in both languages: {"zh": …, "en": …}."""


class ProfileUnfit(DomainError):
    code = "permit_profile_unfit"
    sentence = N_("作业许可规则文件“%(name)s”不对：%(where)s，%(why)s。")
    status = 422


class SettingUnfit(DomainError):
    code = "permit_setting_unfit"
    sentence = N_("“%(key)s”核对过的值是 %(value)s %(unit)s（%(rule)s），只能改得更严，不能改成 %(wanted)s。")
    status = 422


class SettingUnknown(DomainError):
    code = "permit_setting_unknown"
    sentence = N_("作业许可规则里没有“%(key)s”这个数。")
    status = 404


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a rule. `is_stricter_lower` says which way a unit may move one that was checked."""

    key: str
    value: Decimal
    units: Words
    rule: str
    clause: str
    is_checked: bool
    is_stricter_lower: bool
    names: Words = field(default_factory=dict)
    is_own: bool = False
    """The unit's own setting."""

    @property
    def title(self) -> str:
        """What the number is about, in words."""
        return in_language(self.names)

    @property
    def unit(self) -> str:
        return in_language(self.units)


@dataclass(frozen=True, slots=True)
class Substance:
    """A gas that is measured; `lel` is its lower explosive limit in percent of volume."""

    id: str
    names: Words
    unit: str
    lel: Decimal | None = None
    least: str = ""
    most: str = ""
    most_enriched: str = ""
    is_checked: bool = False

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class FactField:
    """What is asked about an operation, so that its grade can be worked out."""

    id: str
    names: Words
    type: str
    unit: str = ""
    is_required: bool = False
    offered: tuple[tuple[str, Words], ...] = ()

    @property
    def title(self) -> str:
        return in_language(self.names)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, in_language(words)) for key, words in self.offered)


@dataclass(frozen=True, slots=True)
class Band:
    """Up to and with `upto`, or under (without) `under`, it is `grade`; the last band has neither."""

    grade: str
    upto: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """How the grade follows: from a choice, or from bands over a number that begins at `least` or above `above`."""

    fact: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    bands: tuple[Band, ...] = ()
    least: str = ""
    above: str = ""
    upgrades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GasRule:
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    gap_min: Mapping[str, str]
    every_min: Mapping[str, str]
    is_daily: bool


@dataclass(frozen=True, slots=True)
class WindRule:
    """Work stops from `level` on; only where the flag `when` is set, not where `unless` is."""

    level: str
    when: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class NeedsLink:
    """Above this number another special permit is wanted beside this one (PW-27)."""

    fact: str
    above: str
    operation: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of permit: what it asks, how it is graded, who approves and co-signs it, what it wants before it starts."""

    id: str
    names: Words
    kind: str
    grades: tuple[str, ...]
    facts: tuple[FactField, ...]
    grading: Grading
    approver: Mapping[str, str]
    co_signers: tuple[str, ...]
    checker: str
    valid_h: Mapping[str, str]
    valid_special_h: str
    ends_with: tuple[str, ...]
    gas: GasRule | None
    wind: WindRule | None
    needs_isolation: bool
    needs_space: bool
    needs_pipe: bool
    needs_film: tuple[str, ...]
    reconfirms: bool
    """After a break its measures are seen to anew (PW-24)."""
    needs_plan: tuple[str, ...]
    needs_links: tuple[NeedsLink, ...]
    checklist: tuple[Words, ...]

    @property
    def title(self) -> str:
        return in_language(self.names)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures as the reader reads them."""
        return tuple(in_language(words) for words in self.checklist)

    @property
    def kept_measures(self) -> tuple[str, ...]:
        """The measures as a permit keeps them, whatever language its applicant reads."""
        return tuple(words["zh"] for words in self.checklist)

    def measure(self, kept: str) -> str:
        """Return a measure that a permit keeps as the reader reads it; one of an older edition as it was kept."""
        return next((in_language(words) for words in self.checklist if words["zh"] == kept), kept)

    @property
    def is_special(self) -> bool:
        return self.kind == "special"


@dataclass(frozen=True)
class Profile:
    """A whole profile. `mark` names its content: kept beside every result, so that a later edition changes no record."""

    id: str
    version: int
    names: Words
    standard: str
    may_extend: bool
    needs_main: bool
    """A special permit hangs on a main one (PC-02)."""
    numbers: Mapping[str, Number]
    substances: Mapping[str, Substance]
    office_names: Mapping[str, Words]
    operations: Mapping[str, Operation]
    mark: str = ""

    @property
    def title(self) -> str:
        return in_language(self.names)

    @property
    def offices(self) -> dict[str, str]:
        """Who signs, by key, as the reader reads it."""
        return {key: in_language(words) for key, words in self.office_names.items()}

    def number(self, key: str) -> Decimal:
        return self.numbers[key].value

    def operation(self, operation_id: str) -> Operation:
        """Return an operation.

        :raises NotFound: the profile has none of this name
        """
        found = self.operations.get(operation_id)
        if found is None:
            raise NotFound
        return found

    def rule_of(self, key: str) -> str:
        return self.numbers[key].rule

    @property
    def unchecked(self) -> list[Number]:
        """The numbers whose text nobody could verify, by key."""
        return [number for _key, number in sorted(self.numbers.items()) if not number.is_checked]


def check_setting(profile: Profile, key: str, wanted: Decimal) -> Number:
    """Return the number as it would be with a unit's own value.

    :raises SettingUnknown: no such number
    :raises SettingUnfit: it was checked, and would be looser than the standard
    """
    number = profile.numbers.get(key)
    if number is None:
        raise SettingUnknown(key=key)
    looser = wanted > number.value if number.is_stricter_lower else wanted < number.value
    if wanted < 0 or (number.is_checked and looser):
        raise SettingUnfit(key=number.title, value=number.value, unit=number.unit, rule=number.rule, wanted=wanted)
    return replace(number, value=wanted, is_own=True)


def with_settings(profile: Profile, settings: Mapping[str, Decimal]) -> Profile:
    """Return the profile with a unit's own numbers; one that no longer fits a newer edition is left out."""
    if not settings:
        return profile
    numbers = dict(profile.numbers)
    for key, value in settings.items():
        try:
            numbers[key] = check_setting(profile, key, value)
        except DomainError:
            continue
    return replace(
        profile, numbers=numbers, mark=_mark([profile.mark, sorted((k, str(v)) for k, v in settings.items())])
    )


def load_profile(name: str, texts: Mapping[str, str]) -> Profile:
    """Return the profile `name` of `texts` (text by id), with those it leans on.

    :raises ProfileUnfit: not readable, not of the schema, or naming what is not there
    """
    data = _merged(name, texts, ())
    profile = _profile(name, data)
    _check_names(name, profile)
    return profile


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """Return the shipped profiles by id."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: load_profile(name, texts) for name in texts}


def profile_called(profile_id: str) -> Profile:
    """Return a shipped profile.

    :raises NotFound: none of this id
    """
    found = shipped_profiles().get(profile_id)
    if found is None:
        raise NotFound
    return found


def _merged(name: str, texts: Mapping[str, str], above: tuple[str, ...]) -> dict[str, Any]:
    if name in above or name not in texts:
        raise ProfileUnfit(name=name, where="extends", why=" → ".join((*above, name)))
    reading = read_yaml(texts[name])
    if reading.problems:
        raise ProfileUnfit(name=name, where="YAML", why=str(reading.problems[0].code))
    data = reading.data
    fault = next(Draft202012Validator(PROFILE_SCHEMA).iter_errors(data), None)
    if fault is not None:
        raise ProfileUnfit(name=name, where="/".join(str(one) for one in fault.absolute_path), why=fault.message[:120])
    if data["id"] != name:
        raise ProfileUnfit(name=name, where="id", why=data["id"])
    if "extends" not in data:
        return dict(data)
    base = _merged(data["extends"], texts, (*above, name))
    merged = base | {key: value for key, value in data.items() if not isinstance(value, dict)}
    for part in ("numbers", "substances", "offices"):
        merged[part] = base.get(part, {}) | data.get(part, {})
    known = base.get("operations", {})
    merged["operations"] = known | {
        key: known.get(key, {}) | value for key, value in data.get("operations", {}).items()
    }
    return merged


def _profile(name: str, data: dict[str, Any]) -> Profile:
    numbers = {
        key: Number(key, Decimal(one["value"]), _both(one["unit"]), one["rule"], one["clause"], one["checked"],
                    one["stricter"] == "lower", one["title"])
        for key, one in data.get("numbers", {}).items()
    }  # fmt: skip
    substances = {
        key: Substance(key, one["title"], one["unit"], Decimal(one["lel"]) if "lel" in one else None,
                       one.get("least", ""), one.get("most", ""), one.get("most_enriched", ""), one["checked"])
        for key, one in data.get("substances", {}).items()
    }  # fmt: skip
    try:
        operations = {key: _operation(key, one) for key, one in data.get("operations", {}).items()}
    except KeyError as error:
        raise ProfileUnfit(name=name, where="operations", why=str(error)) from error
    return Profile(
        data["id"], data["version"], {"zh": data["title"], "en": data.get("english", data["title"])}, data["standard"], data["extension"], data.get("needs_main", False),
        numbers, substances, data.get("offices", {}), operations, _mark(data),
    )  # fmt: skip


def _both(unit: str | Words) -> Words:
    """A unit that everybody writes alike, like m, is written once."""
    return {"zh": unit, "en": unit} if isinstance(unit, str) else unit


def _operation(key: str, one: dict[str, Any]) -> Operation:
    grading, gas, wind = one.get("grading", {}), one.get("gas"), one.get("wind")
    choice, bands = grading.get("choice"), grading.get("bands")
    return Operation(
        id=key, names=one["title"], kind=one["kind"], grades=tuple(one.get("grades", ())),
        facts=tuple(
            FactField(field["id"], field["title"], field["type"], field.get("unit", ""), field.get("required", False),
                      tuple(field.get("choices", {}).items()))
            for field in one.get("facts", ())
        ),
        grading=Grading(
            fact=(choice or bands or {}).get("fact", ""), choices=tuple((choice or {}).get("grades", {}).items()),
            bands=tuple(Band(step["grade"], step.get("upto", ""), step.get("under", "")) for step in (bands or {}).get("steps", ())),
            least=(bands or {}).get("from", ""), above=(bands or {}).get("above", ""),
            upgrades=tuple(grading.get("upgrades", ())),
        ),
        approver=one["approver"], co_signers=tuple(one.get("co_signers", ())), checker=one.get("checker", ""),
        valid_h=one["valid_h"], valid_special_h=one.get("valid_special_h", ""),
        ends_with=tuple(one.get("ends_with", ())),
        gas=GasRule(tuple(gas.get("any_of", ())), tuple(gas.get("all_of", ())), gas["gap_min"], gas.get("every_min", {}),
                    gas.get("is_daily", False)) if gas else None,
        wind=WindRule(wind["level"], wind.get("when", ""), wind.get("unless", "")) if wind else None,
        needs_isolation=one.get("needs_isolation", False), needs_space=one.get("needs_space", False),
        needs_pipe=one.get("needs_pipe", False), needs_film=tuple(one.get("needs_film", ())),
        reconfirms=one.get("reconfirm", False),
        needs_plan=tuple(one.get("needs_plan", ())),
        needs_links=tuple(NeedsLink(link["fact"], link["above"], link["operation"]) for link in one.get("needs_links", ())),
        checklist=tuple(measure["text"] for measure in one.get("measures", ())),
    )  # fmt: skip


def _check_names(name: str, profile: Profile) -> None:
    """Look that every number, office, substance, fact and operation that is named is there."""

    def want(where: str, names: Any, known: Any) -> None:
        missing = [one for one in names if one and one not in known]
        if missing:
            raise ProfileUnfit(name=name, where=where, why=missing[0])

    for one in profile.operations.values():
        facts = {field.id for field in one.facts} | {"rest_day", "night"}
        grades = set(one.grades) or {NO_GRADE}
        keys = [*one.valid_h.values(), one.valid_special_h, one.grading.least, one.grading.above,
                *(step.upto for step in one.grading.bands), *(step.under for step in one.grading.bands),
                *(link.above for link in one.needs_links)]  # fmt: skip
        named = [one.grading.fact, *one.grading.upgrades, *(link.fact for link in one.needs_links)]
        if one.wind is not None:
            keys.append(one.wind.level)
            named += [one.wind.when, one.wind.unless]
        if one.gas is not None:
            keys += [*one.gas.gap_min.values(), *one.gas.every_min.values()]
            want(f"{one.id}.gas", (*one.gas.any_of, *one.gas.all_of), profile.substances)
            want(f"{one.id}.gas.gap_min", grades, one.gas.gap_min)
        want(f"{one.id}.numbers", keys, profile.numbers)
        want(f"{one.id}.facts", named, facts)
        want(f"{one.id}.offices", (*one.approver.values(), *one.co_signers, one.checker), profile.offices)
        want(f"{one.id}.approver", grades, one.approver)
        want(f"{one.id}.valid_h", grades, one.valid_h)
        want(
            f"{one.id}.operations", (*one.ends_with, *(link.operation for link in one.needs_links)), profile.operations
        )
    for substance in profile.substances.values():
        want(substance.id, (substance.least, substance.most, substance.most_enriched), profile.numbers)


def _mark(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
