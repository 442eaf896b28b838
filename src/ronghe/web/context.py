"""What the shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.ui.menu import MENU
from ronghe.web.alliances.apart import is_partner
from ronghe.web.owed import owed_by


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader, the posts and what is owed; the counts are asked for only where the menu is drawn."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    actor: Person | None = user.actor if known else None  # type: ignore[union-attr]
    administrator = user.administrator if known else None  # type: ignore[union-attr]
    is_outside = is_partner(user)
    owed: Any = SimpleLazyObject(lambda: owed_by(actor, timezone.now())) if actor is not None and not is_outside else {}
    return {
        "user": user,
        "actor": actor,
        "is_demo": settings.HOME.is_demo,
        "actor_post": SimpleLazyObject(lambda: _first_post(actor)) if actor is not None else "",
        "owed": owed,
        "unread": SimpleLazyObject(lambda: owed.get("reminders", 0)),
        "menu_asked": {"administration"} if administrator else set(),
        "menu_hidden": _NOT_FOR_ADMINISTRATORS if administrator else _EVERYTHING if is_outside else set(),
        "is_outside": is_outside,
    }


_NOT_FOR_ADMINISTRATORS = frozenset(
    {
        "today",
        "search",
        "org",
        "zones",
        "obligations",
        "field",
        "scan",
        "tasks",
        "engineering",
        "learning",
        "points",
        "runs",
        "results",
        "wall",
    }
)
"""The three administrators reach no Party record (SE-08), so its places are not in their menu."""

_EVERYTHING = frozenset({"search", *(item.id for item in MENU)})
"""A partner's contact has the shared list and no menu (B4)."""


def _first_post(actor: Person) -> str:
    posts = posts_of(actor, timezone.localdate())
    return str(posts[0].get_role_display()) if posts else ""
