"""Addresses below /org/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.org import roster_views, views
from ronghe.web.structure import tree_views

urlpatterns = [
    path("", tree_views.org_overview, name="org_overview"),
    path("people/", views.person_list, name="person_list"),
    path("people/export/", views.person_export, name="person_export"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/identity/", views.person_identity, name="person_identity"),
    path("roster/", roster_views.roster_list, name="roster_list"),
    path("roster/<int:pk>/", roster_views.roster_detail, name="roster_detail"),
    path("roster/<int:pk>/accept/", roster_views.roster_accept, name="roster_accept"),
    path("roster/<int:pk>/discard/", roster_views.roster_discard, name="roster_discard"),
    path("roster/<int:pk>/report/", roster_views.roster_report, name="roster_report"),
]
