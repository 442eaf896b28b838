"""Addresses below /org/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.org import views

urlpatterns = [
    path("", views.org_overview, name="org_overview"),
    path("people/", views.person_list, name="person_list"),
    path("people/export/", views.person_export, name="person_export"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/identity/", views.person_identity, name="person_identity"),
]
