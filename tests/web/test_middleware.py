"""What is typed with NUL in it is taken without it, in forms and addresses alike."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.test import RequestFactory

from ronghe.web.middleware import CleanText


def taken(request):
    middleware = CleanText(lambda request: HttpResponse())
    middleware(request)
    middleware.process_view(request)
    return request


def test_nul_is_left_out_of_a_form():
    request = taken(RequestFactory().post("/work/", {"name": ["三号\x00泵", "b"], "clean": "c"}))
    assert dict(request.POST.lists()) == {"name": ["三号泵", "b"], "clean": ["c"]}


def test_nul_is_left_out_of_an_address():
    assert QueryDict("q=ab") == taken(RequestFactory().get("/work/?q=a%00b")).GET


def test_a_form_without_it_is_not_touched():
    request = RequestFactory().post("/work/", {"name": "b"})
    typed = request.POST
    assert taken(request).POST is typed
