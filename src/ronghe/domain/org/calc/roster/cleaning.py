"""Whole columns of cells into whole columns of values; what cannot be read becomes a problem at its row.

Nothing here looks at two rows together: that is `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ronghe.domain.org.calc.roster.days import NO_END, Day, NotADay, day_of
from ronghe.domain.org.calc.roster.gathering import Gathered
from ronghe.domain.org.calc.roster.identity import (
    OTHER_DOCUMENT,
    SHAPE,
    birth_of,
    has_right_check,
    is_truncated,
    masked,
    number_of,
)
from ronghe.domain.org.calc.roster.people import Certificate, PeopleColumns, Place
from ronghe.domain.org.calc.roster.problems import Problem, problem
from ronghe.domain.org.calc.roster.text import each, person_name, plain, proper
from ronghe.domain.org.calc.roster.vocabulary import vocabulary
from ronghe.kernel.tabular.sheets import Cell

T = TypeVar("T")

GENERIC_SHEET = re.compile(r"(?:sheet|工作表|表)\s*\d*|在册人员|人员|花名册|名册|名单|人员名单", re.IGNORECASE)
NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff○〇A-Za-z·'. -]+")
PHONE = re.compile(r"(?:\+?86)?1\d{10}|0\d{9,11}(?:转?\d{1,5})?|\d{7,8}")
SEVERAL = re.compile(r"[、,，;；/ +＋和兼]+")
ERROR_VALUE = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!)")

LIMITS = {
    "name": 40, "staff_number": 32, "ethnicity": 24, "education": 24, "position": 40, "job": 40,
    "trade": 40, "skill_level": 24, "unit": 80, "department": 80, "team": 80, "party_organ": 80, "branch": 80, "party_group": 80,
    "certificate_kind": 80, "certificate_number": 80,
}  # fmt: skip
"""Longest text that the tables hold, in signs."""


class Cleaner:
    """Cleans one sheet. `problems` grows as columns are read."""

    def __init__(self, gathered: Gathered, *, file: str, position: int) -> None:
        self.sheet = gathered
        self.file = file
        self.position = position
        self.count = len(gathered.rows)
        self.heads = {column: head.text for column, head in gathered.head.used.items()}
        self.problems: list[Problem] = []

    def report(self, code: str, at: int, column: str, **values: Any) -> None:
        """Note the problem `code` at the row with index `at`."""
        self.problems.append(
            problem(
                code, file=self.file, sheet=self.sheet.sheet, row=self.sheet.rows[at],
                column=self.heads.get(column, ""), **values,
            ),
        )  # fmt: skip

    def sorted_problems(self) -> list[Problem]:
        """Return the problems in the order in which they stand on the sheet."""
        place = {head.text: head.number for head in self.sheet.head.used.values()}
        return sorted(self.problems, key=lambda found: (found.row, place.get(found.column, 0)))

    def people(self) -> PeopleColumns:
        """Return the sheet's people, cleaned; `person` and `is_floating` are filled in later, over all files."""
        numbers = self.identity_numbers()
        return PeopleColumns(
            place=[Place(self.position, row) for row in self.sheet.rows],
            person=[0] * self.count,
            name=self.names(),
            staff_number=self.texts("staff_number", lambda v: plain(v).strip("'")),
            identity_number=numbers,
            gender=self.codes("gender", "gender_unknown"),
            born=self.days("born_on"),
            ethnicity=self.texts("ethnicity"),
            education=self.texts("education"),
            phone=self.phones(),
            unit_path=self.unit_paths(),
            position=self.texts("position"),
            job=self.texts("job"),
            trade=self.texts("trade"),
            skill_level=self.texts("skill_level"),
            employment=self.codes("employment_kind", "employment_unknown", keep=True),
            participant_role=self.codes("participant_role", "role_unknown"),
            political_status=self.codes("political_status", "status_unknown"),
            joined=self.days("joined_on"),
            full_from=self.days("full_from"),
            party_path=self.party_paths(),
            party_posts=self.party_posts(),
            certificates=self.certificates(),
            trained=self.days("trained_on"),
            remark=self.texts("remark", plain),
            is_floating=[False] * self.count,
        )

    def cells(self, column: str) -> list[Cell]:
        return self.sheet.columns.get(column) or [""] * self.count

    def texts(self, column: str, clean: Callable[[Cell], str] = proper) -> list[str]:
        if column not in self.sheet.columns:
            return [""] * self.count
        values = each(self.cells(column), clean)
        self._check_texts(column, values)
        return values

    def _check_texts(self, column: str, values: list[str]) -> None:
        limit = LIMITS.get(column.partition("#")[0], 200)
        if max(map(len, set(values)), default=0) > limit:
            for at, value in enumerate(values):
                if len(value) > limit:
                    self.report("text_too_long", at, column, limit=limit)
                    values[at] = value[:limit]
        if any(value.startswith("#") for value in set(values)):
            for at, value in enumerate(values):
                if ERROR_VALUE.fullmatch(value):
                    self.report("cell_error", at, column, value=value)
                    values[at] = ""

    def names(self) -> list[str]:
        names = [person_name(value) for value in self.cells("name")]
        self._check_texts("name", names)
        for at, name in enumerate(names):
            if not name:
                self.report("name_missing", at, "name")
            elif NAME.fullmatch(name) is None:
                self.report("name_odd", at, "name", value=name)
        return names

    def identity_numbers(self) -> list[str]:
        """Return whole numbers, leaving out what Excel cut or what has the wrong length (ID-01, ID-03)."""
        if "identity_number" not in self.sheet.columns:
            return [""] * self.count
        cells = self.cells("identity_number")
        numbers = [number_of(cell) for cell in cells]
        for at, number in enumerate(numbers):
            if not number:
                continue
            if SHAPE.fullmatch(number) and type(cells[at]) is str and has_right_check(number):
                if birth_of(number) is None:
                    self.report("id_birth_date", at, "identity_number")
                continue
            numbers[at] = self._doubtful_number(at, cells[at], number)
        return numbers

    def _doubtful_number(self, at: int, cell: Cell, number: str) -> str:
        if is_truncated(cell, number):
            self.report("id_truncated", at, "identity_number")
            return ""
        if SHAPE.fullmatch(number):
            self.report("id_check_digit", at, "identity_number", number=masked(number))
            return number
        if ERROR_VALUE.fullmatch(number):
            self.report("cell_error", at, "identity_number", value=number)
            return ""
        if OTHER_DOCUMENT.fullmatch(number):
            self.report("id_not_resident", at, "identity_number", number=masked(number))
            return number
        self.report("id_length", at, "identity_number", length=len(number))
        return ""

    def days(self, column: str) -> list[Day | None]:
        if column not in self.sheet.columns:
            return [None] * self.count
        cells = self.cells(column)
        values = each(cells, _day_or_fault)
        if any(isinstance(value, NotADay) for value in values):
            for at, value in enumerate(values):
                if isinstance(value, NotADay):
                    self.report("date_unreadable", at, column, value=plain(cells[at]))
        return [None if isinstance(value, NotADay) else value for value in values]

    def codes(self, column: str, unknown: str, *, keep: bool = False) -> list[str]:
        """Return the codes of a column of choices; an unknown word is a problem, and kept as it is only if `keep`."""
        if column not in self.sheet.columns:
            return [""] * self.count
        cells = self.cells(column)
        words = vocabulary()
        codes = each(cells, lambda cell: words.code_of(column, plain(cell)))
        if None not in codes:
            return codes  # type: ignore[return-value] # no None in it
        for at, code in enumerate(codes):
            if code is None:
                self.report(unknown, at, column, value=plain(cells[at]))
        return [code if code is not None else proper(cells[at])[:24] if keep else "" for at, code in enumerate(codes)]

    def phones(self) -> list[str]:
        if "phone" not in self.sheet.columns:
            return [""] * self.count
        phones = [plain(cell).replace(" ", "").replace("-", "").strip("'") for cell in self.cells("phone")]
        for at, phone in enumerate(phones):
            if phone and PHONE.fullmatch(phone) is None and not all(map(PHONE.fullmatch, SEVERAL.split(phone))):
                self.report("phone_unreadable", at, "phone", value=phone[:30])
                phones[at] = ""
        return phones

    def unit_paths(self) -> list[tuple[str, ...]]:
        """Return each row's units from the highest to the lowest one stated.

        The unit that reports the roster stands above when the file has no column of units; a file without any unit
        column belongs to the unit in its title, or to the one its sheet is named after.
        """
        levels = [
            self.texts(column)
            for level in ("unit", "department", "team")
            for column in sorted(c for c in self.sheet.columns if c.partition("#")[0] == level)
        ]
        root = "" if "unit" in self.sheet.columns else self.sheet.reported_by
        if not levels and not root:
            root = self.sheet.title_unit or (
                "" if GENERIC_SHEET.fullmatch(self.sheet.sheet) else proper(self.sheet.sheet)
            )
        above = [[root] * self.count] if root else []
        rows: Iterable[tuple[str, ...]] = zip(*above, *levels, strict=True) if above or levels else [()] * self.count
        paths = each(rows, _path)  # type: ignore[arg-type] # a row of texts is cleaned like one cell
        if levels and () in set(paths):
            for at, path in enumerate(paths):
                if not path:
                    self.report("unit_missing", at, "team" if "team" in self.heads else "unit")
        return paths

    def party_paths(self) -> list[tuple[str, str, str]]:
        return list(zip(self.texts("party_organ"), self.texts("branch"), self.texts("party_group"), strict=True))

    def party_posts(self) -> list[tuple[str, ...]]:
        if "party_post" not in self.sheet.columns:
            return [()] * self.count
        cells = self.cells("party_post")
        posts = each(cells, _posts)
        if any(None in post for post in set(posts)):
            for at, post in enumerate(posts):
                if None in post:
                    self.report("post_unknown", at, "party_post", value=plain(cells[at]))
        return [tuple(code for code in post if code) for post in posts]

    def certificates(self) -> list[tuple[Certificate, ...]]:
        sets = sorted({c.partition("#")[2] for c in self.sheet.columns if c.startswith("certificate_")})
        found: list[list[Certificate]] = []
        for number in sets:
            tail = f"#{number}" if number else ""
            kinds, numbers = self.texts(f"certificate_kind{tail}"), self.texts(f"certificate_number{tail}", plain)
            ends = self.days(f"certificate_expires_on{tail}")
            found.append([Certificate(*about) for about in zip(kinds, numbers, ends, strict=True)])
        if not found:
            return [()] * self.count
        return [
            tuple(c for c in row if (c.kind and c.kind not in NOTHING) or c.number or c.expires)
            for row in zip(*found, strict=True)
        ]

    def uncomputed(self, missing: frozenset[tuple[int, int]]) -> None:
        """Report formulas without a stored value in the columns that are used."""
        used = {head.number: column for column, head in self.sheet.head.used.items() if column != "serial"}
        places = {row: at for at, row in enumerate(self.sheet.rows)}
        for row, number in sorted(missing):
            if number in used and row in places:
                self.report("formula_without_value", places[row], used[number])


NOTHING = frozenset({"无", "-", "—", "/", "\\"})


def _day_or_fault(cell: Cell) -> Day | NotADay | None:
    try:
        text = plain(cell) if type(cell) is str else cell
        return None if text in NO_END or text in NOTHING else day_of(text)
    except NotADay as fault:
        return fault


def _path(levels: tuple[str, ...]) -> tuple[str, ...]:
    path: list[str] = []
    for name in levels:
        if name and name not in NOTHING and name not in path:
            path.append(name)
    return tuple(path)


def _posts(cell: Cell) -> tuple[str | None, ...]:
    """Return the codes of what one cell says: 书记、组织委员 is two posts."""
    text = plain(cell)
    whole = vocabulary().code_of("party_post", text)
    if whole is not None:
        return (whole,)
    return tuple(vocabulary().code_of("party_post", part) for part in SEVERAL.split(text) if part)
