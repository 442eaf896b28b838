"""Records: the day's list, timelines, sign-in sheets, signatures, evidence."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.template import Library
from django.utils.safestring import SafeString

from ronghe.kernel.words import N_, _
from ronghe.ui.component import Props, component
from ronghe.ui.families.marks import sprite
from ronghe.ui.icons import State

register = Library()

Moment = Literal["done", "now", "next", "reversed"]
Presence = Literal["expected", "present", "leave", "absent", "extra"]
SignedBy = Literal["own_phone", "card", "ticked"]
SignatureState = Literal["signed", "waiting", "refused", "void"]
EvidenceState = Literal["waiting", "uploaded", "returned"]
EvidenceKind = Literal["photo", "document", "reading"]

_MOMENT_STATES: dict[str, str] = {"done": "done", "now": "running", "next": "upcoming", "reversed": "waived"}
_PRESENCE: dict[str, tuple[str, str]] = {
    "expected": ("upcoming", N_("应到")),
    "present": ("done", N_("已到")),
    "leave": ("waived", N_("请假")),
    "absent": ("failed", N_("未到")),
    "extra": ("running", N_("列席")),
}
_SIGNED_BY: dict[str, tuple[str, str]] = {
    "own_phone": ("qr", N_("本人扫码")),
    "card": ("card", N_("刷卡")),
    "ticked": ("hand", N_("%(by)s代记到场，不算签字")),
}
_EVIDENCE_ICONS: dict[str, str] = {"photo": "camera", "document": "doc", "reading": "gauge"}
_EVIDENCE_WORDS: dict[str, str] = {"photo": N_("照片"), "document": N_("文件"), "reading": N_("读数")}


@component(register, family="records", block=True)
def day_list(content: SafeString) -> Props:
    """A list of the day's things in order: {% day_list %}{% day_item "三会按序" time="08:10" state="upcoming" href="#" %}…{% endday_item %}{% endday_list %}"""
    return {}


@component(register, family="records", block=True)
def day_item(
    content: SafeString, title: str, *, time: str = "", state: State, href: str = "", note: str = "", past: bool = False
) -> Props:
    """One thing of the day: time, shape, title, note; the block adds badges or a stepper under it: {% day_item "早碰头" time="07:50" state="due" note="喇十七" href="/huddles/4/" %}{% endday_item %}"""
    return {
        "title": title,
        "time": time,
        "state": state,
        "state_href": f"{sprite()}#s-{state}",
        "href": href,
        "note": note,
        "past": past,
        "next_href": f"{sprite()}#i-right",
    }


@component(register, family="records", block=True)
def timeline(content: SafeString, *, label: str = "") -> Props:
    """What happened and what comes, in order: {% timeline %}{% moment "done" title="已签" at="10月8日" %}{% endmoment %}{% endtimeline %}"""
    return {"label": label}


@component(register, family="records", block=True)
def moment(
    content: SafeString,
    kind: Moment,
    *,
    title: str,
    at: str = "",
    who: str = "",
    reason: str = "",
    state: State | None = None,
) -> Props:
    """One moment; a reversed one is struck through with its reason and never taken away: {% moment "reversed" title="验收" at="8月4日" reason="申诉成立" %}{% endmoment %}"""
    shape = state or _MOMENT_STATES[kind]
    return {
        "kind": kind,
        "title": title,
        "at": at,
        "who": who,
        "reason": reason,
        "state": shape,
        "href": f"{sprite()}#s-{shape}",
    }


@component(register, family="records", block=True)
def sign_sheet(content: SafeString, *, label: str, live: bool = False) -> Props:
    """Who is expected and who is there; `live` announces changes politely: {% sign_sheet label="签到" live=True %}{% sign_row "于德江" presence="present" %}{% endsign_row %}{% endsign_sheet %}"""
    return {"label": label, "live": live}


@component(register, family="records", block=True)
def sign_row(
    content: SafeString,
    name: str,
    *,
    presence: Presence,
    note: str = "",
    time: str = "",
    way: SignedBy | None = None,
    by: str = "",
    reason: str = "",
    kept: bool = False,
    me: bool = False,
    id: str = "",  # noqa: A002 - the attribute's own name
) -> Props:
    """One person of a sign-in sheet (PM-15): presence, way of signing in, who ticked (`by`), reason of leave; `kept` is still on the phone. The block holds acts: {% sign_row "于德江" presence="present" way="own_phone" time="07:41" %}{% endsign_row %}"""
    state, word = _PRESENCE[presence]
    icon, sentence = _SIGNED_BY[way] if way else ("", "")
    return {
        "name": name,
        "letter": name[:1],
        "presence": presence,
        "state": state,
        "word": _(word),
        "href": f"{sprite()}#s-{state}",
        "note": note,
        "time": time,
        "way": way,
        "way_href": f"{sprite()}#i-{icon}" if icon else "",
        "way_word": _(sentence) % {"by": by} if way == "ticked" else _(sentence) if sentence else "",
        "reason": reason,
        "kept": kept,
        "me": me,
        "id": id,
    }


@component(register, family="records")
def signature(
    name: str = "",
    *,
    state: SignatureState,
    role: str = "",
    at: str = "",
    reason: str = "",
    digest: str = "",
    digest_href: str = "",
) -> Props:
    """A signature: signed with time and digest, waiting, refused or no longer valid with the reason: {% signature "周启明" state="signed" role="书记" at="10月7日 17:32" %}"""
    return {
        "name": name,
        "state": state,
        "role": role,
        "at": at,
        "reason": reason,
        "digest": digest,
        "digest_href": digest_href,
    }


@component(register, family="records", block=True)
def evidence_strip(content: SafeString, *, label: str = "") -> Props:
    """Photos, documents and readings side by side: {% evidence_strip %}{% evidence "photo" caption="样板段" %}{% evidence_add name="photo" %}{% endevidence_strip %}"""
    return {"label": label or _("证据")}


@component(register, family="records")
def evidence(
    kind: EvidenceKind,
    *,
    caption: str = "",
    href: str = "",
    thumb: str = "",
    state: EvidenceState = "uploaded",
    reason: str = "",
    value: str = "",
) -> Props:
    """One piece of evidence: waiting to upload, uploaded, or returned with a reason: {% evidence "photo" caption="样板段" state="returned" reason="缺参照尺" %}"""
    word = _(_EVIDENCE_WORDS[kind])
    return {
        "kind": kind,
        "caption": caption,
        "href": href,
        "thumb": thumb,
        "state": state,
        "reason": reason,
        "value": value,
        "icon_href": f"{sprite()}#i-{_EVIDENCE_ICONS[kind]}",
        "wait_href": f"{sprite()}#i-upload",
        "failed_href": f"{sprite()}#s-failed",
        "label": f"{word} {caption}".strip(),
    }


@component(register, family="records")
def evidence_add(
    *,
    name: str,
    kind: EvidenceKind = "photo",
    form: str = "",
    capture: bool = True,
    many: bool = True,
    required: bool = False,
) -> Props:
    """The place to add evidence; on a phone it opens the camera. What is too large is said before it is sent: {% evidence_add name="photo" %}"""
    accept = {"photo": "image/*", "document": ".pdf,.docx,.xlsx,.doc,.xls", "reading": "image/*"}[kind]
    return {
        "name": name,
        "form": form,
        "accept": accept,
        "capture": capture and kind != "document",
        "many": many,
        "required": required,
        "label": _("添%(what)s") % {"what": _(_EVIDENCE_WORDS[kind])},
        "most_bytes": settings.EVIDENCE_MAX_BYTES,
        "too_large": _("“{name}”有 {size} MB，超过上限 {limit} MB，请压缩或裁剪后再选。"),
        "icon_href": f"{sprite()}#i-plus",
    }
