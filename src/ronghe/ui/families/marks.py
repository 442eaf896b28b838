"""Icons, states, badges, people, stars, buttons: the smallest pieces."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from typing import Any, Literal

from django.template import Library
from django.templatetags.static import static
from django.utils.safestring import SafeString

from ronghe.kernel.words import N_, _
from ronghe.ui.component import Props, attributes, component
from ronghe.ui.icons import IconName, State

register = Library()

STATE_WORDS: dict[str, str] = {
    "done": N_("已办"),
    "late": N_("迟办"),
    "attention": N_("注意"),
    "due": N_("待办"),
    "failed": N_("漏办"),
    "waived": N_("免办"),
    "upcoming": N_("未到期"),
    "running": N_("进行中"),
}
"""The word of each state where a page has no better one."""

ButtonKind = Literal["normal", "primary", "quiet", "danger"]
ButtonSize = Literal["normal", "small", "big"]


def sprite() -> str:
    """The address of the icon sheet."""
    return static("ui/icons.svg")


@component(register, family="marks", cached=True)
def icon(name: IconName, *, size: Literal[16, 20, 24] = 20, label: str = "") -> Props:
    """A drawn icon, silent to readers unless it has a label: {% icon "bell" label="提醒" %}"""
    return {"href": f"{sprite()}#i-{name}", "size": size, "label": label, "full": name == "star-full"}


@component(register, family="marks", cached=True)
def state_mark(state: State, *, size: Literal[14, 16, 20] = 16, label: str = "") -> Props:
    """The shape of a state without its word, for rows that say the word themselves: {% state_mark "done" %}"""
    return {"href": f"{sprite()}#s-{state}", "state": state, "size": size, "label": label}


@component(register, family="marks", cached=True)
def state_word(state: State, *, word: str = "") -> Props:
    """A state in running text, shape and word: {% state_word "done" word="已安排" %}"""
    return {"href": f"{sprite()}#s-{state}", "state": state, "word": word or _(STATE_WORDS[state])}


@component(register, family="marks", block=True, cached=True)
def badge(
    content: SafeString, *, state: State | None = None, kind: Literal["plain", "brand", "outline"] = "plain"
) -> Props:
    """A small label of at most eight characters; with a state it carries shape and colour: {% badge state="done" %}已办{% endbadge %}"""
    return {"href": f"{sprite()}#s-{state}" if state else "", "state": state, "kind": kind}


@component(register, family="marks", cached=True)
def sep() -> Props:
    """The dot between two things on one line: 党小组会{% sep %}第二小组"""
    return {}


@component(register, family="marks", cached=True)
def avatar(name: str, *, size: Literal[24, 32, 40] = 32, soft: bool = False) -> Props:
    """The first character of a person's name in a disc: {% avatar "韩雪松" %}"""
    return {"letter": name[:1], "size": size, "soft": soft}


@component(register, family="marks", cached=True)
def person(name: str, *, note: str = "", href: str = "", size: Literal[24, 32, 40] = 24) -> Props:
    """A person with disc, name and post: {% person "韩雪松" note="支部书记" %}"""
    return {"name": name, "letter": name[:1], "note": note, "href": href, "size": size}


@component(register, family="marks", cached=True)
def stars(count: int, *, of: int = 5, word: str = "") -> Props:
    """A star row, filled ink and hollow rest, with the count in words: {% stars 4 word="四星" %}"""
    label = _("%(count)s 星，满 %(of)s 星") % {"count": count, "of": of}
    return {
        "row": [index < count for index in range(of)],
        "word": word,
        "label": label,
        "full_href": f"{sprite()}#i-star-full",
    }


@component(register, family="marks", block=True)
def button(
    content: SafeString,
    *,
    kind: ButtonKind = "normal",
    size: ButtonSize = "normal",
    icon: IconName | None = None,
    href: str = "",
    type: Literal["submit", "button"] = "submit",  # noqa: A002 - the attribute's own name
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    label: str = "",
    disabled: bool = False,
    reason: str = "",
    wide: bool = False,
    **further: Any,
) -> Props:
    """An act. With `href` a link, else a button; other hx_, data_ and aria_ attributes are handed through.

    A disabled button says why in `reason`, shown beside it. Submitting makes it busy by itself: {% button kind="primary" icon="pen" %}记晚碰头{% endbutton %}
    """
    return {
        "kind": kind,
        "size": size,
        "icon_href": f"{sprite()}#i-{icon}" if icon else "",
        "href": href,
        "type": type,
        "name": name,
        "value": value,
        "form": form,
        "formaction": formaction,
        "label": label,
        "disabled": disabled,
        "reason": reason,
        "wide": wide,
        "alone": not content.strip(),
        "attributes": attributes(further),
    }
