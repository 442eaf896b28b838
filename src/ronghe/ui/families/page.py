"""What a page is put together from: head, cards, banners, dialogs, definitions, empty states, QR."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from typing import Any, Literal

import segno
from django.contrib.messages import get_messages
from django.template import Context, Library
from django.utils.safestring import SafeString, mark_safe

from ronghe.ui.component import Props, attributes, component
from ronghe.ui.families.marks import sprite
from ronghe.ui.icons import IconName, State
from ronghe.ui.toasts import Toast

register = Library()

BannerState = Literal["running", "attention", "failed", "done"]


@component(register, family="page", block=True)
def page_head(content: SafeString, *, title: str, note: str = "") -> Props:
    """The head of a page; holds {% page_badges %}, {% page_meta %} and {% acts %}: {% page_head title=zone.name %}{% acts %}…{% endacts %}{% endpage_head %}"""
    return {"title": title, "note": note}


@component(register, family="page", block=True)
def page_badges(content: SafeString) -> Props:
    """Badges beside the title: {% page_badges %}{% badge kind="brand" %}项目共建{% endbadge %}{% endpage_badges %}"""
    return {}


@component(register, family="page", block=True)
def page_meta(content: SafeString) -> Props:
    """The line under the title, one {% fact %} per thing: {% page_meta %}{% fact icon="place" %}采油一厂{% endfact %}{% endpage_meta %}"""
    return {}


@component(register, family="page", block=True)
def fact(content: SafeString, *, icon: IconName | None = None) -> Props:
    """One thing said about the page, with an icon: {% fact icon="doc" %}合作意向书 5 方已签{% endfact %}"""
    return {"icon_href": f"{sprite()}#i-{icon}" if icon else ""}


@component(register, family="page", block=True)
def acts(content: SafeString) -> Props:
    """Acts side by side, main act last: {% acts %}{% button kind="primary" %}封存{% endbutton %}{% endacts %}"""
    return {}


@component(register, family="page", block=True)
def act_bar(content: SafeString, *, note: str = "") -> Props:
    """Acts at the bottom edge of a phone, where the thumb is; on a desktop they stand in the page: {% act_bar %}{% button kind="primary" size="big" %}签字{% endbutton %}{% endact_bar %}"""
    return {"note": note}


@component(register, family="page", block=True)
def crumbs(content: SafeString) -> Props:
    """Where this page stands: {% crumbs %}{% crumb "共建" href="/zones/" %}{% crumb "协作区" %}{% endcrumbs %}"""
    return {}


@component(register, family="page")
def crumb(text: str, *, href: str = "") -> Props:
    """One step of the crumbs, linked if it leads somewhere: {% crumb "共建" href="/zones/" %}"""
    return {"text": text, "href": href, "icon_href": f"{sprite()}#i-right"}


@component(register, family="page", block=True)
def card(content: SafeString, *, id: str = "", label: str = "", now: bool = False) -> Props:  # noqa: A002 - the attribute's own name
    """A card; holds {% card_head %}, {% card_body %}, {% card_foot %} or a table. `now` raises the one that is happening: {% card %}{% card_body %}…{% endcard_body %}{% endcard %}"""
    return {"id": id, "label": label, "now": now}


@component(register, family="page", block=True)
def card_head(content: SafeString, *, title: str, note: str = "") -> Props:
    """Title of a card, and at its right what the block holds (count, link, badge): {% card_head title="参建单位" %}今日在场 41 人{% endcard_head %}"""
    return {"title": title, "note": note}


@component(register, family="page", block=True)
def card_body(content: SafeString) -> Props:
    """The padded part of a card: {% card_body %}…{% endcard_body %}"""
    return {}


@component(register, family="page", block=True)
def card_foot(content: SafeString, *, icon: IconName | None = None, state: State | None = None) -> Props:
    """The line at the bottom of a card: {% card_foot icon="link" %}同时计入：早晚碰头、38 人考勤{% endcard_foot %}"""
    href = f"{sprite()}#i-{icon}" if icon else ""
    return {"icon_href": href, "state": state, "state_href": f"{sprite()}#s-{state}" if state else ""}


@component(register, family="page", block=True)
def section_head(content: SafeString, *, title: str) -> Props:
    """A heading between cards, with what the block holds at its right: {% section_head title="接下来" %}2 件{% endsection_head %}"""
    return {"title": title}


@component(register, family="page", block=True)
def banner(content: SafeString, *, state: BannerState = "running", title: str = "", assertive: bool = False) -> Props:
    """What happened, what it means, the way out as {% acts %}: {% banner state="failed" title="三组只剩 1 名电仪人员。" %}放回原处或换人。{% endbanner %}"""
    return {"state": state, "title": title, "assertive": assertive, "href": f"{sprite()}#s-{state}"}


@component(register, family="page")
def offline_banner(*, kept: int, since: str, sending: int | None = None, refused: int = 0, href: str = "") -> Props:
    """Work without signal: what is kept on this phone, then 正在上报 n/m, then what was refused: {% offline_banner kept=6 since="07:51" %}"""
    return {
        "kept": kept,
        "since": since,
        "sending": sending,
        "refused": refused,
        "href": href,
        "icon_href": f"{sprite()}#i-no-signal",
        "refresh_href": f"{sprite()}#i-refresh",
        "next_href": f"{sprite()}#i-right",
    }


@component(register, family="page", block=True)
def empty(content: SafeString, *, why: str, filters: str = "") -> Props:
    """An empty place: one sentence why, one act that fills it. `filters` names those in force: {% empty why="这个季度还没有考评。" %}{% button %}开一次考评{% endbutton %}{% endempty %}"""
    return {"why": why, "filters": filters}


@component(register, family="page")
def skeleton(*, lines: int = 3, kind: Literal["lines", "rows"] = "lines") -> Props:
    """Grey lines in the shape of what comes, for waits over 300 ms: {% skeleton lines=4 %}"""
    return {"count": range(lines), "kind": kind}


@component(register, family="page", block=True)
def dialog(content: SafeString, *, id: str, title: str, size: Literal["normal", "wide"] = "normal") -> Props:  # noqa: A002
    """Only for signing and what cannot be undone; opened by a button with data_dialog=id: {% dialog id="seal" title="封存三季度考评" %}…{% dialog_foot %}…{% enddialog_foot %}{% enddialog %}"""
    return {"id": id, "title": title, "size": size, "close_href": f"{sprite()}#i-close"}


@component(register, family="page", block=True)
def dialog_foot(content: SafeString, *, cancel: str = "") -> Props:
    """The acts of a dialog, a cancel button before them: {% dialog_foot %}{% button kind="primary" %}封存{% endbutton %}{% enddialog_foot %}"""
    return {"cancel": cancel}


@component(register, family="page", context=True)
def toasts(context: Context) -> Props:
    """The messages of this request as toasts; the base page has it once: {% toasts %}"""
    return _messages_of(context)


@component(register, family="page", context=True)
def toast_list(context: Context) -> Props:
    """The messages alone, for `ui/_messages.html` in a fragment: {% toast_list %}"""
    return _messages_of(context)


def _messages_of(context: Context) -> Props:
    request = context.get("request")
    found = [Toast.from_message(message) for message in get_messages(request)] if request else []
    return {"toasts": found, "sprite": sprite(), "csrf_token": context.get("csrf_token", "")}


@component(register, family="page", block=True, context=True)
def toast(context: Context, content: SafeString, *, state: BannerState = "done", undo: str = "") -> Props:
    """A short word after an act, with 撤销 for ten seconds where it can be undone: {% toast undo="/tasks/3/release/" %}已领办。{% endtoast %}"""
    return {
        "state": state,
        "undo": undo,
        "href": f"{sprite()}#s-{state}",
        "close_href": f"{sprite()}#i-close",
        "csrf_token": context.get("csrf_token", ""),
    }


@component(register, family="page", block=True)
def definitions(content: SafeString, *, wide: bool = False) -> Props:
    """A list of names and what they are; `wide` sets two columns: {% definitions %}{% definition "谁负责" %}罗一鸣{% enddefinition %}{% enddefinitions %}"""
    return {"wide": wide}


@component(register, family="page", block=True)
def definition(content: SafeString, name: str) -> Props:
    """One name and what it is: {% definition "频次" %}每月 1 次{% enddefinition %}"""
    return {"name": name}


@component(register, family="page", block=True)
def more_menu(
    content: SafeString,
    *,
    label: str,
    icon: IconName = "more",
    text: bool = False,
    align: Literal["left", "right"] = "right",
) -> Props:
    """Acts behind a button; links and buttons inside become its items: {% more_menu label="更多" %}<a href="…">转交</a>{% endmore_menu %}"""
    return {
        "label": label,
        "icon_href": f"{sprite()}#i-{icon}",
        "text": text,
        "align": align,
        "down_href": f"{sprite()}#i-down",
    }


@component(register, family="page")
def qr(text: str, *, size: Literal["small", "normal", "big"] = "normal", label: str, note: str = "") -> Props:
    """A QR code drawn in the page, with a label for readers and a line under it: {% qr token label="签到码" note="每 60 秒更换" %}"""
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        border=2, dark="#1a1e23", light="#ffffff", omitsize=True, svgclass=None, lineclass=None
    )
    return {"drawing": mark_safe(drawing), "size": size, "label": label, "note": note}


@component(register, family="page", block=True)
def panel(content: SafeString, *, id: str, **further: Any) -> Props:  # noqa: A002
    """A part of a page that is fetched again on its own, dimmed meanwhile: {% panel id="rows" hx_get=url hx_trigger="every 30s" %}…{% endpanel %}"""
    return {"id": id, "attributes": attributes(further)}
