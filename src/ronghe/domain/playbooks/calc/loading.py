"""A file in, a playbook and its problems out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ronghe.domain.playbooks.calc.checks import meaning_problems, repeated_ids
from ronghe.domain.playbooks.calc.digest import digest_of
from ronghe.domain.playbooks.calc.extending import (
    ORIGIN,
    contradictions,
    joined_with_bases,
    overrides_of,
    read_base,
)
from ronghe.domain.playbooks.calc.keys import read_key
from ronghe.domain.playbooks.calc.library import Library
from ronghe.domain.playbooks.calc.model import Mechanism, Override, Playbook
from ronghe.domain.playbooks.calc.problems import Problem, has_errors
from ronghe.domain.playbooks.calc.reading import (
    read_agreement,
    read_campaign,
    read_document,
    read_entry,
    read_mechanism,
    read_template,
    read_words,
    within_campaign,
)
from ronghe.domain.playbooks.calc.shape import shape_problems
from ronghe.domain.playbooks.calc.sheets import sheet_problems
from ronghe.domain.playbooks.calc.yaml_text import Path as DataPath
from ronghe.domain.playbooks.calc.yaml_text import Reading, read_known_yaml, read_yaml
from ronghe.kernel.errors import Unreadable
from ronghe.kernel.words import N_, _

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: the playbook, if it has no errors, and everything found."""

    playbook: Playbook | None
    problems: tuple[Problem, ...]

    @property
    def is_usable(self) -> bool:
        return self.playbook is not None


def load_playbook(source: Path | str, library: Library | None = None) -> Loaded:
    """Return the playbook in a file (`Path`) or a text (`str`), with its bases joined in.

    Problems come in the order of the file. Bases are looked for beside the file and among the shipped ones.

    :raises Unreadable: the file cannot be opened or holds no text in UTF-8
    """
    library = library or Library()
    if isinstance(source, Path):
        text = read_text(source)
        library = replace(library, folders=(source.resolve().parent, *library.folders))
        return _load(text, str(source), library, ())
    return _load(source, "", library, ())


def playbook_of(content: Data, overrides: tuple[Override, ...] = ()) -> Playbook:
    """Return the playbook that joined plain data hold, such as an adoption kept."""
    campaign = read_campaign(content.get("campaign"))

    def mechanism_of(data: Data) -> Mechanism:
        found = read_mechanism(data, data[ORIGIN])
        # What a base brings along lasts beyond the campaign.
        return within_campaign(found, campaign) if campaign and found.origin == content["id"] else found

    return Playbook(
        id=content["id"],
        version=content["version"],
        title=read_words(content["title"]),
        extends=tuple(content.get("extends", ())),
        documents=tuple(read_document(document) for document in content.get("documents", ())),
        dimensions=tuple(read_entry(entry) for entry in content.get("dimensions", ())),
        groups=tuple(read_entry(entry) for entry in content.get("groups", ())),
        roles=tuple(read_entry(entry) for entry in content.get("roles", ())),
        mechanisms=tuple(mechanism_of(mechanism) for mechanism in content.get("mechanisms", ())),
        sheets=tuple(content.get("sheets", ())),
        templates=tuple(read_template(template) for template in content.get("templates", ())),
        overrides=overrides,
        agreement=read_agreement(content.get("agreement")),
        campaign=campaign,
        keys={name: read_key(name, value) for name, value in content.get("keys", {}).items()},
        content=content,
        digest=digest_of(content),
    )


def read_text(path: Path) -> str:
    """Return the text of a file.

    :raises Unreadable: it cannot be opened or is not UTF-8
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(reason=_("打不开 %(file)s。") % {"file": path}) from error
    except UnicodeDecodeError as error:
        raise Unreadable(reason=_("%(file)s 不是 UTF-8 文本，请另存为 UTF-8。") % {"file": path}) from error


def _load(text: str, name: str, library: Library, above: tuple[str, ...]) -> Loaded:
    reading = read_known_yaml(text) if above else read_yaml(text)
    problems = list(reading.problems)
    if not problems:
        problems = shape_problems(reading)
    if has_errors(problems):
        return Loaded(None, _placed(problems, reading, name))
    own: Data = reading.data
    problems += repeated_ids(own)
    bases, base_problems = _bases(own, library, above)
    problems += base_problems
    if has_errors(problems):
        return Loaded(None, _placed(problems, reading, name))
    joined = joined_with_bases(own, [base.content for base in bases])
    problems += meaning_problems(own, joined)
    problems += sheet_problems(own)
    placed = _placed(problems, reading, name)
    if has_errors(problems):
        return Loaded(None, placed)
    return Loaded(playbook_of(joined, overrides_of(own, [base.content for base in bases])), placed)


def _bases(own: Data, library: Library, above: tuple[str, ...]) -> tuple[list[Playbook], list[Problem]]:
    bases: list[Playbook] = []
    problems: list[Problem] = []
    for number, line in enumerate(own.get("extends", ())):
        wanted = read_base(line)
        path: DataPath = ("extends", number)
        if wanted.id in {own["id"], *above}:
            problems.append(
                Problem(
                    "extends_cycle", N_("基础范本“%(id)s”又依赖本范本，请去掉一处。"), path, details={"id": wanted.id}
                )
            )
            continue
        found = library.find(wanted.id)
        if found is None:
            problems.append(
                Problem(
                    "extends_unknown",
                    N_("没有找到基础范本“%(id)s”，请把它的文件放在同一文件夹。"),
                    path,
                    details={"id": wanted.id},
                )
            )
            continue
        base = _load(found[1], found[0], library, (*above, own["id"])).playbook
        if base is None:
            problems.append(
                Problem("extends_broken", N_("基础范本“%(id)s”自身有错，请先检查它。"), path, details={"id": wanted.id})
            )
        elif base.version < wanted.at_least:
            problems.append(
                Problem(
                    "extends_too_old",
                    N_("基础范本“%(id)s”只有第 %(version)s 版，要求第 %(wanted)s 版以上。"),
                    path,
                    details={"id": wanted.id, "version": base.version, "wanted": wanted.at_least},
                )
            )
        else:
            bases.append(base)
    for list_name, entry_id, base_id in contradictions(own, [base.content for base in bases]):
        problems.append(
            Problem(
                "extends_conflict",
                N_(
                    "几个基础范本对“%(id)s”（%(list)s）的写法不同，%(base)s 与前面的不一致。请只留一个，或在本文件里重写。"
                ),
                ("extends",),
                details={"id": entry_id, "list": list_name, "base": base_id},
            )
        )
    return bases, problems


def _placed(problems: list[Problem], reading: Reading, name: str) -> tuple[Problem, ...]:
    placed = [
        replace(problem, file=name, place=problem.place if problem.place.line else reading.place_of(problem.path))
        for problem in problems
    ]
    return tuple(sorted(placed, key=lambda problem: (problem.place.line, problem.place.column)))
