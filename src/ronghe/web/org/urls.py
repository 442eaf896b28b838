"""Addresses below /org/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.org import roster_comparison_views, roster_views, views
from ronghe.web.structure import tree_views

urlpatterns = [
    path("", tree_views.org_overview, name="org_overview"),
    path("people/", views.person_list, name="person_list"),
    path("people/export/", views.person_export, name="person_export"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/identity/", views.person_identity, name="person_identity"),
    path("roster/", roster_views.roster_list, name="roster_list"),
    path("roster/compare/", roster_comparison_views.comparison_list, name="roster_comparisons"),
    path("roster/compare/<int:pk>/", roster_comparison_views.comparison_detail, name="roster_comparison"),
    path("roster/compare/<int:pk>/export/", roster_comparison_views.comparison_export, name="roster_comparison_export"),
    path(
        "roster/compare/<int:pk>/take/<str:side>/",
        roster_comparison_views.comparison_take,
        name="roster_comparison_take",
    ),
    path(
        "roster/compare/<int:pk>/dismiss/",
        roster_comparison_views.comparison_dismiss,
        name="roster_comparison_dismiss",
    ),
    path("roster/compare/<int:pk>/end/", roster_comparison_views.comparison_end, name="roster_comparison_end"),
    path(
        "roster/compare/<int:pk>/back/<int:difference>/",
        roster_comparison_views.comparison_take_back,
        name="roster_comparison_back",
    ),
    path("roster/compare/<int:pk>/close/", roster_comparison_views.comparison_close, name="roster_comparison_close"),
    path("roster/<int:pk>/", roster_views.roster_detail, name="roster_detail"),
    path("roster/<int:pk>/accept/", roster_views.roster_accept, name="roster_accept"),
    path("roster/<int:pk>/discard/", roster_views.roster_discard, name="roster_discard"),
    path("roster/<int:pk>/report/", roster_views.roster_report, name="roster_report"),
]
