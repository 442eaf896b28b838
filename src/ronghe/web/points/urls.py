"""Addresses below /points/."""

from __future__ import annotations

from django.urls import path

from ronghe.domain.merits.rules import MERIT
from ronghe.web.items.presenting import PANELS
from ronghe.web.points import views
from ronghe.web.points.presenting import merit_panel

PANELS[MERIT.id] = ("points/_merit_panel.html", merit_panel)

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("people/<int:token>/", views.ledger, name="ledger_of"),
    path("people/<int:token>/export/", views.ledger_export, name="ledger_export"),
    path("members/", views.members, name="ledger_members"),
    path("applications/", views.merits, name="merits"),
    path("applications/new/", views.merit_apply, name="merit_apply"),
    path("odd/", views.oddities, name="oddities"),
    path("odd/<int:body>/look/", views.oddity_look, name="oddity_look"),
    path("stars/", views.stars, name="stars"),
]
