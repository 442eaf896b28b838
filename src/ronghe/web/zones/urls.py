"""Addresses below /zones/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.zones import views

urlpatterns = [
    path("", views.zone_list, name="zones"),
    path("<int:pk>/", views.zone_detail, name="zone_detail"),
    path("<int:pk>/shut-downs/plan/", views.shut_down_plan, name="shut_down_plan"),
]
