"""Addresses of zones and playbooks."""

from __future__ import annotations

from django.urls import path

from ronghe.web.cobuild import views

urlpatterns = [
    path("zones/", views.zone_list, name="zones"),
    path("zones/<int:pk>/", views.zone_detail, name="zone_detail"),
    path("zones/<int:pk>/shut-downs/plan/", views.shut_down_plan, name="shut_down_plan"),
    path("playbooks/", views.playbook_list, name="playbooks"),
    path("playbooks/<str:playbook_id>/", views.playbook_detail, name="playbook_detail"),
]
