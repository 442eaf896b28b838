"""What `ronghe playbook` says of one mechanism, of the parts beside them, and of two playbooks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ronghe.kernel.words import _, counted

if TYPE_CHECKING:
    from ronghe.domain.playbooks.calc.comparing import Comparison, Difference
    from ronghe.domain.playbooks.calc.model import Mechanism, Playbook

SHOWN_PARTS = ("agreement", "campaign", "keys")
"""The rest of the parts stands beside the mechanisms already."""


def tell_mechanism_whole(book: Playbook, mechanism: Mechanism) -> None:
    """Print a mechanism field by field."""
    from ronghe.domain.playbooks.calc.describing import described_mechanism
    from ronghe.domain.playbooks.calc.duties import duties_a_year

    for field in described_mechanism(book, mechanism):
        click.echo(_("%(name)s：%(value)s") % {"name": field.title, "value": field.text})
    if mechanism.rhythm is None:
        return
    count = duties_a_year(mechanism)
    click.echo(counted("应办事项一年 %(count)s 件。", count) % {"count": count})


def tell_parts(book: Playbook) -> None:
    """Print the agreement, the campaign and the parameters that the playbook sets."""
    from ronghe.domain.playbooks.calc.describing import described_parts

    for part in described_parts(book):
        if part.id in SHOWN_PARTS and part.entries:
            click.echo(f"\n{part.title}")
            for entry in part.entries:
                click.echo(f"  {_named_text(entry.title, entry.text)}")


def tell_comparison(found: Comparison) -> None:
    """Print what only one of the two asks, what both ask differently, and the duties a year by kind of body."""
    from ronghe.domain.playbooks.calc.names import named
    from ronghe.domain.playbooks.calc.wording import cadence_words

    click.echo(_("甲 %(a)s，乙 %(b)s") % {"a": _titled(found.a), "b": _titled(found.b)})
    if found.is_same:
        click.echo(_("两份内容相同。"))
        return
    for title, mechanisms in ((_("只有甲有"), found.only_in_a), (_("只有乙有"), found.only_in_b)):
        if mechanisms:
            click.echo(f"\n{title}")
        for mechanism in mechanisms:
            click.echo(f"  {_more(mechanism.title.here, mechanism.id)}　{cadence_words(mechanism)}")
    if found.changed:
        click.echo("\n" + _("两份都有，写法不同"))
    for pair in found.changed:
        click.echo(f"  {_more(pair.mechanism.title.here, pair.mechanism.id)}")
        _tell_differences(pair.differences)
    for part in found.parts:
        click.echo(f"\n{part.title}")
        _tell_differences(part.differences)
    click.echo("\n" + _("应办事项一年几件"))
    for duty in found.duties:
        told = {"name": named(duty.kind), "a": duty.a, "b": duty.b, "gained": f"{duty.gained:+d}"}
        click.echo("  " + _("%(name)s：%(a)s → %(b)s（%(gained)s）") % told)


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as programs read it."""
    return {
        "a": found.a.reference,
        "b": found.b.reference,
        "same": found.is_same,
        "only_in_a": [mechanism.id for mechanism in found.only_in_a],
        "only_in_b": [mechanism.id for mechanism in found.only_in_b],
        "changed": [
            {"a": pair.a.id, "b": pair.b.id, "differences": _differences(pair.differences)}
            for pair in found.changed
            if pair.a is not None and pair.b is not None
        ],
        "parts": [{"part": part.id, "differences": _differences(part.differences)} for part in found.parts],
        "duties_a_year": [
            {"kind": duty.kind.value, "a": duty.a, "b": duty.b, "gained": duty.gained} for duty in found.duties
        ],
    }


def _differences(differences: tuple[Difference, ...]) -> list[dict[str, str]]:
    return [{"field": one.field, "title": one.title, "a": one.a, "b": one.b} for one in differences]


def _tell_differences(differences: tuple[Difference, ...]) -> None:
    for one in differences:
        if not one.a:
            said = _("只有乙：%(text)s") % {"text": _named_text(one.title, one.b)}
        elif not one.b:
            said = _("只有甲：%(text)s") % {"text": _named_text(one.title, one.a)}
        else:
            said = _("%(name)s：%(a)s → %(b)s") % {"name": one.title, "a": one.a, "b": one.b}
        click.echo(f"    {said}")


def _named_text(title: str, text: str) -> str:
    return text if text.startswith(title) else _("%(name)s：%(value)s") % {"name": title, "value": text}


def _titled(book: Playbook) -> str:
    return _more(book.title.here, book.reference)


def _more(title: str, more: str) -> str:
    return _("%(title)s（%(more)s）") % {"title": title, "more": more}
