"""Addresses below /playbooks/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.playbooks import views

urlpatterns = [
    path("", views.playbook_list, name="playbooks"),
    path("<str:playbook_id>/", views.playbook_detail, name="playbook_detail"),
]
