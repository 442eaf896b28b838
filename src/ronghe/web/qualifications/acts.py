"""What is done to a record: certificates entered, reviewed, withdrawn; lessons, breaks, violations; health opened on record."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import OperatorCertificate, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.enums import BreakKind
from ronghe.domain.qualifications.models import Certificate, HealthRestriction, Lesson
from ronghe.domain.qualifications.rules import KEEP_CERTIFICATE, KEEP_HEALTH, KEEP_RECORD, OPEN_HEALTH
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.domain.qualifications.selectors.records import people_to_keep
from ronghe.domain.qualifications.services.certificates import (
    enter_certificate,
    examine_practice,
    open_number,
    review_certificate,
    withdraw_certificate,
)
from ronghe.domain.qualifications.services.health import lift_restriction, note_restriction, open_restriction
from ronghe.domain.qualifications.services.importing import import_certificates
from ronghe.domain.qualifications.services.lessons import (
    note_break,
    note_lesson,
    note_lessons,
    note_violation,
    withdraw_lesson,
)
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.members.acting import ActPage, laid_out, posted
from ronghe.web.paging import number_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.qualifications.forms import (
    BreakForm,
    CertificateForm,
    ClassForm,
    DayForm,
    ExamForm,
    HealthForm,
    ImportForm,
    LessonForm,
    ReasonForm,
    ReviewForm,
    ViolationForm,
)
from ronghe.web.qualifications.views import certificate_context, person_context, seen, seen_person
from ronghe.web.requests import actor_of

IN_A_CLASS = 200
"""People offered for one class."""


@login_required
def certificate_create(request: HttpRequest, pk: int) -> HttpResponse:
    about = _kept(request, pk)

    def act(_given: dict[str, Any]) -> str:
        enter_certificate(person=about, text=form.text, actor=actor_of(request), at=timezone.now())
        return _("证件已登记。")

    form = CertificateForm(posted(request), initial=_from_roster(request, about))
    note = _("对照原证登记。种类、编号和发证日期必填，期限平台会算。")
    return field_act(request, form, _page(about, _("登记证件"), _("登记"), note), act)


@login_required
def lesson_note(request: HttpRequest, pk: int) -> HttpResponse:
    about = _kept(request, pk)
    form = LessonForm(posted(request), initial={"held_on": local_day(timezone.now())})

    def act(_given: dict[str, Any]) -> str:
        note_lesson(person=about, text=form.text, actor=actor_of(request), at=timezone.now())
        return _("培训已登记。")

    return field_act(request, form, _page(about, _("登记培训"), _("登记")), act)


@login_required
def class_note(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    people = people_to_keep(actor, now)
    if not people.exists():
        raise Http404
    keys = list(people.values_list("pk", flat=True)[:IN_A_CLASS])
    offered = Person.objects.filter(pk__in=keys).select_related("unit").order_by("name", "pk")
    form = ClassForm(posted(request), people=offered, initial={"held_on": local_day(now)})

    def act(given: dict[str, Any]) -> str:
        done = note_lessons(people=list(given["people"]), text=form.text, actor=actor, at=now)
        return _("已为 %(count)s 人登记培训。") % {"count": len(done)}

    page = ActPage(_("登记一班培训"), _("登记"), reverse("web:qualification_check"), _("上票条件"))
    return field_act(request, form, page, act)


@login_required
@require_POST
def lesson_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    lesson = get_object_or_404(
        Lesson.objects.filter(person__in=people_to_keep(actor, now).order_by()).select_related("person"), pk=pk
    )
    try:
        withdraw_lesson(lesson=lesson, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已撤销，这些学时不再算。"))
    return redirect("web:qualification_person", lesson.person_id)


@login_required
def break_note(request: HttpRequest, pk: int) -> HttpResponse:
    about = _kept(request, pk)

    def act(given: dict[str, Any]) -> str:
        kind = BreakKind(given.pop("kind"))
        note_break(person=about, kind=kind, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记。")

    note = _("转岗或离岗满一年，项目级、班组级要重新接受；离岗满六个月，特种作业证要重新实操考试。")
    return field_act(request, BreakForm(posted(request)), _page(about, _("登记转岗离岗"), _("登记"), note), act)


@login_required
def violation_note(request: HttpRequest, pk: int) -> HttpResponse:
    about = _kept(request, pk)

    def act(given: dict[str, Any]) -> str:
        note_violation(person=about, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记。")

    note = _("在平台“违章”里查实的已自动计入，不用再登记；这里只登记别处查实、有文书的。")
    return field_act(request, ViolationForm(posted(request)), _page(about, _("登记查实违章"), _("登记"), note), act)


@login_required
def health_note(request: HttpRequest, pk: int) -> HttpResponse:
    about = _kept(request, pk, KEEP_HEALTH)

    def act(given: dict[str, Any]) -> str:
        note_restriction(person=about, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记，内容已封存。")

    form = HealthForm(posted(request), initial={"on": local_day(timezone.now())})
    return field_act(request, form, _page(about, _("登记健康限制"), _("封存")), act)


@login_required
@require_POST
def health_open(request: HttpRequest, pk: int) -> HttpResponse:
    row = _restriction(request, pk, OPEN_HEALTH)
    opened = open_restriction(restriction=row, actor=actor_of(request), at=timezone.now())
    context = person_context(request, row.person) | {"opened": row.pk, "opened_text": opened}
    return render(request, "qualifications/person.html", context)


@login_required
def health_lift(request: HttpRequest, pk: int) -> HttpResponse:
    row = _restriction(request, pk, KEEP_HEALTH)

    def act(given: dict[str, Any]) -> str:
        lift_restriction(restriction=row, on=given["on"], actor=actor_of(request), at=timezone.now())
        return _("已解除。")

    form = DayForm(posted(request), initial={"on": local_day(timezone.now())})
    return field_act(request, form, _page(row.person, _("解除健康限制"), _("解除")), act)


@login_required
@require_POST
def number_open(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    opened = open_number(certificate=row, actor=actor_of(request), at=timezone.now())
    context = certificate_context(request, row) | {"opened": opened}
    return render(request, "qualifications/certificate_detail.html", context)


@login_required
def certificate_review(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)

    def act(given: dict[str, Any]) -> str:
        done = review_certificate(certificate=row, actor=actor_of(request), at=timezone.now(), **given)
        if not given["passed"]:
            return _("已记下：复审没有通过。")
        return _("复审通过，下次 %(day)s 前。") % {"day": done.review_on}

    note = _("期满前 60 日内复审；通过须培训满 8 学时，没有两次违章。")
    form = ReviewForm(posted(request), initial={"on": local_day(timezone.now())})
    return field_act(request, form, _certificate_page(row, _("登记复审"), _("登记"), note), act)


@login_required
def certificate_practice(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)

    def act(given: dict[str, Any]) -> str:
        examine_practice(certificate=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记。")

    form = ExamForm(posted(request), initial={"on": local_day(timezone.now())})
    page = _certificate_page(row, _("登记实操考试"), _("登记"), _("离岗满六个月的特种作业人员要重新实操考试。"))
    return field_act(request, form, page, act)


@login_required
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)

    def act(given: dict[str, Any]) -> str:
        withdraw_certificate(certificate=row, reason=given["reason"], actor=actor_of(request), at=timezone.now())
        return _("已注销。")

    page = ActPage(
        _("注销证件"), _("注销"), reverse("web:certificate_detail", args=[row.pk]), row.person.name,
        _("吊销、换证、录错的在这里注销；注销以后同一编号可以重新登记。"), is_grave=True,
    )  # fmt: skip
    return field_act(request, ReasonForm(posted(request)), page, act)


@login_required
def certificates_import(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if not people_to_keep(actor, now).exists():
        raise Http404

    def act(given: dict[str, Any]) -> str:
        with laid_out(given["table"]) as path:
            done = import_certificates(
                path=path, name=given["table"].name, actor=actor, at=now, dry_run=not given["is_real"]
            )
        said = {"rows": done.rows, "added": done.added, "same": done.same}
        if done.is_dry:
            return _("检查通过：%(rows)s 行，可新增 %(added)s 本，%(same)s 本已登记。没有写入。") % said
        return _("已导入：新增 %(added)s 本，%(same)s 本已登记过。") % said

    is_dry = request.method == "POST" and "is_real" not in request.POST
    page = ActPage(
        _("导入证件表"), _("检查或导入"), reverse("web:certificates_import" if is_dry else "web:qualifications"),
        _("证件"), _("一行一本证，表头：姓名、证件种类、证件编号、发证日期，可加工号、身份证号、发证机关、复审日期、有效期至。有一行不对就一行也不写。"),
    )  # fmt: skip
    return field_act(request, ImportForm(posted(request), request.FILES or None), page, act)


def _kept(request: HttpRequest, pk: int, permission: Permission = KEEP_RECORD) -> Person:
    about = seen_person(request, pk)
    if not permission.allows(actor_of(request), about, at=timezone.now()):
        raise Http404
    return about


def _own(request: HttpRequest, pk: int) -> Certificate:
    row = seen(request, pk)
    if not KEEP_CERTIFICATE.allows(actor_of(request), row, at=timezone.now()):
        raise Http404
    return row


def _restriction(request: HttpRequest, pk: int, permission: Permission) -> HealthRestriction:
    row = get_object_or_404(HealthRestriction.objects.select_related("person__unit"), pk=pk)
    if not permission.allows(actor_of(request), row.person, at=timezone.now()):
        raise Http404
    return row


def _page(about: Person, title: str, button: str, note: str = "") -> ActPage:
    return ActPage(title, button, reverse("web:qualification_person", args=[about.pk]), about.name, note)


def _certificate_page(row: Certificate, title: str, button: str, note: str) -> ActPage:
    return ActPage(title, button, reverse("web:certificate_detail", args=[row.pk]), row.person.name, note)


def _from_roster(request: HttpRequest, about: Person) -> dict[str, Any]:
    """Return what the roster says of a certificate, to be checked against the original."""
    key = number_of(request.GET.get("from"))
    row = OperatorCertificate.objects.filter(person=about, pk=key).first() if key else None
    if row is None:
        return {}
    kind = current_book().kind_called(row.kind)
    return {"kind": kind.id if kind else "", "number": row.number, "expires_on": row.expires_on}
