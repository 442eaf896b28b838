"""Dated trees: a parent, and link rows (ancestor, descendant, depth, from, until).

With links, "everything below me, today or on that day" is one join, whatever the depth. Links are kept by the create
and move services alone; a row links to itself at depth 0, so "me and everything below" needs no second case.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Max, Q

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class InsideItself(DomainError):
    code = "inside_itself"
    sentence = N_("“%(node)s”不能移到它自己的下级“%(parent)s”里。")


class ChangedLater(DomainError):
    code = "changed_later"
    sentence = N_("“%(node)s”或它的上下级在 %(day)s 已有调整，只能从那天起再调整。")


class NothingBelow(DomainError):
    """Only what has nothing below it can be closed."""

    code = "nothing_below"
    sentence = N_("“%(node)s”下面还有%(count)s个下级，请先调整下级。")


class ParentEnded(DomainError):
    code = "parent_ended"
    sentence = N_("“%(parent)s”已在 %(day)s 撤销，不能放在它下面。请另选上级。")


class TreeLink(models.Model):
    """`descendant` stood below `ancestor` from `valid_from` until (not including) `valid_until`."""

    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.ancestor_id} → {self.descendant_id} ({self.depth})"  # type: ignore[attr-defined]


class TreeNode(models.Model):
    """A node of a dated tree. Subclasses name their link model in `link_model`."""

    link_model: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def links(cls) -> Any:
        return cls._meta.apps.get_model(cls._meta.app_label, cls.link_model)._default_manager  # noqa: SLF001 - Django's name


def on_day(day: date, prefix: str = "") -> Q:
    """Return the condition that a dated row holds on `day`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gt": day})
    )


def link_new(node: Any, *, parent: Any | None, since: date) -> None:
    """Write the links of a node just created below `parent` (`None`: a root).

    :raises ParentEnded: the parent was closed
    :raises ChangedLater: the parent was founded or moved after `since`
    """
    if parent is not None:
        _one_at_a_time(type(node))
        refuse_ended(parent)
        _refuse_changed(parent, type(node).links().filter(descendant=parent), since)
    link_many(type(node), [(node.pk, parent.pk if parent is not None else None)], since=since)


def link_many(node_model: type[TreeNode], pairs: list[tuple[int, int | None]], *, since: date) -> None:
    """Write the links of many new nodes, parents before children: one read, one write."""
    link_model = node_model.links().model
    outside = {parent for _node, parent in pairs if parent is not None} - {node for node, _parent in pairs}
    above: dict[int, list[tuple[int, int]]] = {}
    for link in node_model.links().filter(on_day(since), descendant_id__in=outside):
        above.setdefault(link.descendant_id, []).append((link.ancestor_id, link.depth))
    rows = []
    for node, parent in pairs:
        inherited = [(ancestor, depth + 1) for ancestor, depth in above.get(parent, [])] if parent else []
        above[node] = [(node, 0), *inherited]
        rows += [
            link_model(ancestor_id=ancestor, descendant_id=node, depth=depth, valid_from=since)
            for ancestor, depth in above[node]
        ]
    link_model._default_manager.bulk_create(rows, batch_size=2000)  # noqa: SLF001 - Django's name


@transaction.atomic
def move(node: Any, *, parent: Any | None, since: date) -> None:
    """Hang `node` and everything below it under `parent` from `since` on; the past stays as it was.

    :raises InsideItself: `parent` is the node or stands below it
    :raises ParentEnded: `parent` was closed
    :raises ChangedLater: something here was founded, moved or closed after `since`, and the past is not written twice
    """
    _one_at_a_time(type(node))
    links = type(node).links()
    current = links.filter(valid_until=None)
    if parent is not None:
        refuse_ended(parent)
    if parent is not None and current.filter(ancestor=node, descendant=parent).exists():
        raise InsideItself(node=str(node), parent=str(parent))
    below = list(current.filter(ancestor=node).values_list("descendant_id", "depth"))
    moved = [descendant for descendant, _depth in below]
    _refuse_rewriting(node, links, [*moved, *([parent.pk] if parent is not None else [])], since)
    outdated = current.filter(descendant_id__in=moved).exclude(ancestor_id__in=moved)
    outdated.filter(valid_from__gte=since).delete()
    outdated.filter(valid_from__lt=since).update(valid_until=since)
    above = [] if parent is None else list(current.filter(descendant=parent).values_list("ancestor_id", "depth"))
    links.bulk_create(
        links.model(ancestor_id=a, descendant_id=d, depth=up + down + 1, valid_from=since)
        for a, up in above
        for d, down in below
    )
    type(node)._default_manager.filter(pk=node.pk).update(parent=parent)  # noqa: SLF001 - Django's name
    node.parent = parent


@transaction.atomic
def close(node: Any, *, until: date) -> None:
    """Take a node with nothing below it out of the tree on the day `until`; the days before stay as they were.

    :raises NothingBelow: something stands below it
    :raises ChangedLater: it was founded or moved after `until`, or something stood below it then
    """
    _one_at_a_time(type(node))
    links = type(node).links()
    current = links.filter(valid_until=None)
    below = current.filter(ancestor=node, depth__gt=0).count()
    if below:
        raise NothingBelow(node=str(node), count=below)
    _refuse_rewriting(node, links, [node.pk], until)
    current.filter(descendant=node, valid_from__gte=until).delete()
    current.filter(descendant=node).update(valid_until=until)
    type(node)._default_manager.filter(pk=node.pk).update(valid_until=until)  # noqa: SLF001 - Django's name
    node.valid_until = until


def refuse_ended(node: Any) -> None:
    """Return where the node still stands.

    :raises ParentEnded: it was closed
    """
    until = type(node)._default_manager.filter(pk=node.pk).values_list("valid_until", flat=True).first()  # noqa: SLF001
    if until is not None:
        raise ParentEnded(parent=str(node), day=until)


def _one_at_a_time(node_model: Any) -> None:
    """Let nobody else move anything in this tree until the transaction ends: two moves at once could make a circle.

    Every move waits for the same rows, the roots; on SQLite a writing transaction is alone anyway.
    """
    roots = node_model._default_manager.filter(parent=None).order_by("pk")  # noqa: SLF001 - Django's name
    list(roots.select_for_update(no_key=True).values_list("pk", flat=True))


def _refuse_rewriting(node: Any, links: Any, involved: list[int], since: date) -> None:
    """Look at the links of the nodes involved, and at what stood below the node and went since."""
    _refuse_changed(node, links.filter(Q(descendant_id__in=involved) | Q(ancestor=node)), since)


def _refuse_changed(node: Any, touched: Any, since: date) -> None:
    begun = touched.filter(valid_from__gt=since).aggregate(day=Max("valid_from"))["day"]
    ended = touched.filter(valid_until__gt=since).aggregate(day=Max("valid_until"))["day"]
    if begun or ended:
        raise ChangedLater(node=str(node), day=max(day for day in (begun, ended) if day))


def descendants(node_model: type[TreeNode], ancestor_ids: Any, *, day: date) -> Any:
    """Return the ids of the given nodes and of everything below them on `day`, as a subquery."""
    return node_model.links().filter(on_day(day), ancestor_id__in=ancestor_ids).order_by().values("descendant_id")


def parent_of(node: Any, day: date) -> Any | None:
    """Return the parent as it stood on `day`."""
    link = type(node).links().filter(on_day(day), descendant=node, depth=1).select_related("ancestor").first()
    return link.ancestor if link else None
