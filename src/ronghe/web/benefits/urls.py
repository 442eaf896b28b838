"""Addresses below /work/benefits/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.benefits import book_views, views
from ronghe.web.benefits.presenting import panel
from ronghe.web.items.presenting import PANELS

PANELS["benefit"] = ("benefits/_panel.html", panel)

urlpatterns = [
    path("", views.benefits, name="benefits"),
    path("<int:pk>/estimate/", views.benefit_estimate, name="benefit_estimate"),
    path("<int:pk>/realise/", views.benefit_realise, name="benefit_realise"),
    path("<int:pk>/approve/", views.benefit_approve, name="benefit_approve"),
    path("<int:pk>/verify/", views.benefit_verify, name="benefit_verify"),
    path("<int:pk>/reverse/", views.benefit_reverse, name="benefit_reverse"),
    path("<int:pk>/shares/", views.benefit_shares, name="benefit_shares"),
    path("<int:pk>/print/<fileform:form>/", views.benefit_print, name="benefit_print"),
    path("book/", book_views.benefit_book, name="benefit_book"),
    path("book/export/", book_views.benefit_book_export, name="benefit_book_export"),
    path("book/print/<fileform:form>/", book_views.benefit_book_print, name="benefit_book_print"),
    path("limits/<int:pk>/", book_views.benefit_limit, name="benefit_limit"),
    path("gains/<int:pk>/enter/", book_views.benefit_gain_enter, name="benefit_gain_enter"),
    path("gains/<int:pk>/verify/", book_views.benefit_gain_verify, name="benefit_gain_verify"),
    path("gains/<int:pk>/withdraw/", book_views.benefit_gain_withdraw, name="benefit_gain_withdraw"),
]
