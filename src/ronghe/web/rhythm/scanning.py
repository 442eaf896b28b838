"""What a code that the camera of the bottom bar read is for: every code of the platform has one page that knows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.urls import Resolver404, resolve, reverse

from ronghe.domain.contractors.selectors.people import sites_of, workers_seen_by
from ronghe.domain.contractors.services.workers import worker_of_pass
from ronghe.domain.org.models import Person
from ronghe.domain.permits.selectors.sites import sites_seen_by
from ronghe.domain.permits.services.codes import permit_of_code
from ronghe.domain.rhythm.services.codes import CodeExpired, person_of_card, read_code, station_of_code
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

PAGES = frozenset(
    {"visit_scan", "site_chain_enter", "sign_in", "permit_enter", "permit_site_enter", "member_card_check"}
)
"""Pages that a code of the platform may name by its address; other addresses are not followed."""


class CodeUnknown(DomainError):
    code = "code_unknown"
    sentence = N_(
        "这不是本平台的二维码，或者没有扫全。能扫的有：签到码、碰头会码、岗位走访码、作业许可码、现场作业码、入场证。请对准再扫，或输入码下面的字。"
    )
    status = 422


class CardHere(DomainError):
    code = "card_here"
    sentence = N_("这是党员卡：请会议负责人在活动页上点“扫党员卡”来扫。")
    status = 422


class PassHere(DomainError):
    code = "pass_here"
    sentence = N_("这是入场证，由门岗来扫；您不在门岗值守，也看不到这位人员的登记（PC-19）。")
    status = 422


def page_of_code(text: str, actor: Person, at: datetime) -> str:
    """Return the address of the page that a code leads `actor` to, as it was read or typed.

    :raises CodeUnknown: it is no code of the platform
    :raises CardHere: a member's card, which the lead of an activity reads
    :raises PassHere: a pass, which the actor neither checks nor may see
    """
    said = text.strip()
    if "/" in said:
        named = _named(said)
        if named:
            return named
    code = said.rstrip("/").rpartition("/")[2]
    for find in (_sign_in, _permit, _station, _site, _pass, _card):
        if found := find(code, actor, at):
            return found
    raise CodeUnknown


def _named(address: str) -> str:
    """The path of an own page, whatever machine the address names: the house may be known by several names."""
    try:
        path = urlsplit(address).path
        match = resolve(path if path.endswith("/") else f"{path}/")
    except (Resolver404, ValueError):
        return ""
    return reverse(f"web:{match.url_name}", kwargs=match.kwargs, args=match.args) if match.url_name in PAGES else ""


def _sign_in(code: str, actor: Person, at: datetime) -> str:  # noqa: ARG001 - one shape for all
    try:
        read_code(code, at=at)
    except CodeExpired:
        pass  # its page says so, with what to do
    except (DomainError, ValueError):
        return ""
    return reverse("web:sign_in", args=[code])


def _permit(code: str, actor: Person, at: datetime) -> str:
    return _if_good(lambda: permit_of_code(code, actor=actor, at=at), reverse("web:permit_enter", args=[code]))


def _station(code: str, actor: Person, at: datetime) -> str:  # noqa: ARG001
    return _if_good(lambda: station_of_code(code), reverse("web:visit_scan", args=[code]))


def _site(code: str, actor: Person, at: datetime) -> str:
    is_there = sites_seen_by(actor, at).filter(code=code).exists()
    return reverse("web:permit_site_enter", args=[code]) if is_there else ""


def _pass(code: str, actor: Person, at: datetime) -> str:
    if code.isdigit():
        return ""  # a number alone may be anything; the gate takes it
    try:
        worker, _is_scanned = worker_of_pass(code)
    except DomainError:
        return ""
    if sites_of(actor, at).exists():
        return f"{reverse('web:gate')}?{urlencode({'site': worker.contractor.body_id, 'code': code})}"
    if workers_seen_by(actor, at).filter(pk=worker.pk).exists():
        return reverse("web:worker_detail", args=[worker.pk])
    raise PassHere


def _card(code: str, actor: Person, at: datetime) -> str:  # noqa: ARG001
    try:
        person_of_card(code)
    except DomainError:
        return ""
    raise CardHere


def _if_good(read: Callable[[], object], page: str) -> str:
    try:
        read()
    except (DomainError, ValueError):
        return ""
    return page
