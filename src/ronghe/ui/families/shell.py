"""The frame of every page: side menu, top bar, phone tabs. They read what the page's context happens to hold."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context, Library
from django.utils.translation import get_language, get_language_info

from ronghe.ui import menu
from ronghe.ui.component import Props, component
from ronghe.ui.families.marks import sprite

register = Library()


@component(register, family="shell", context=True)
def side_menu(context: Context) -> Props:
    """The side menu of the desktop; counts are what the reader owes (`owed` in the context, by item id): {% side_menu %}"""
    return {
        "groups": menu.groups(_entries(context)),
        "sprite": sprite(),
        "foot": context.get("menu_foot", ""),
    }


@component(register, family="shell", context=True)
def top_bar(context: Context, *, title: str = "", back: str = "") -> Props:
    """Top of every page: body switcher, search, demo mark, reminders, the reader; on phones title and way back: {% top_bar title="会签" back="/" %}"""
    actor = context.get("actor")
    name = str(getattr(actor, "name", "") or "")
    return {
        "request": context.get("request"),
        "title": title,
        "back": back,
        "sprite": sprite(),
        "is_demo": bool(context.get("is_demo")),
        "bodies": context.get("bodies") or [],
        "body": context.get("body") or "",
        "switch_href": menu.address("web:switch_body"),
        "search_href": "" if "search" in (context.get("menu_hidden") or ()) else menu.address("web:search"),
        "reminders_href": "" if "search" in (context.get("menu_hidden") or ()) else menu.address("web:reminders"),
        "unread": context.get("unread") or 0,
        "synced": context.get("synced") or "",
        "name": name,
        "letter": name[:1],
        "post": context.get("actor_post") or "",
        "me_href": menu.address("web:me"),
        "password_href": menu.address("web:change_password"),
        "logout_href": menu.address("web:logout"),
        "login_href": menu.address("web:login"),
        "csrf_token": str(context.get("csrf_token") or ""),
    }


@component(register, family="shell", context=True)
def language_switch(context: Context) -> Props:
    """Chinese or English, each in its own words; kept in a cookie: {% language_switch %}"""
    request = context.get("request")
    return {
        "language_href": menu.address("web:language"),
        "here": request.get_full_path() if request is not None else "",
        "current": get_language() or settings.LANGUAGE_CODE,
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        "csrf_token": str(context.get("csrf_token") or ""),
    }


@component(register, family="shell", context=True)
def tab_bar(context: Context) -> Props:
    """The five places at the bottom of a phone: {% tab_bar %}"""
    return {"entries": [entry for entry in _entries(context) if entry.item.phone], "sprite": sprite()}


@component(register, family="shell")
def brand_mark() -> Props:
    """The mark of the platform: {% brand_mark %}"""
    return {}


def _entries(context: Context) -> list[menu.Entry]:
    kept: list[menu.Entry] | None = context.render_context.get(_KEPT)
    if kept is None:
        kept = menu.entries(
            context.get("request"),
            owed=context.get("owed"),
            hidden=context.get("menu_hidden") or (),
            asked=context.get("menu_asked") or (),
            current=context.get("menu_current") or "",
        )
        context.render_context[_KEPT] = kept
    return kept


_KEPT: Any = "ronghe.ui menu entries"
