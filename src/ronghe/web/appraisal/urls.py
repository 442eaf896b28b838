"""Addresses below /appraisal/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.appraisal import boards, differences, views, what_if

urlpatterns = [
    path("runs/", views.run_list, name="runs"),
    path("runs/start/", views.run_start, name="run_start"),
    path("runs/<int:pk>/", views.run_detail, name="run_detail"),
    path("runs/<int:pk>/export/", views.run_export, name="run_export"),
    path("runs/<int:pk>/recompute/", views.run_recompute, name="run_recompute"),
    path("runs/<int:pk>/figures/", views.run_figures, name="run_figures"),
    path("runs/<int:pk>/settle/", views.run_settle, name="run_settle"),
    path("runs/<int:pk>/publish/", views.run_publish, name="run_publish"),
    path("runs/<int:pk>/finalize/", views.run_finalize, name="run_finalize"),
    path("runs/<int:pk>/withdraw/", views.run_withdraw, name="run_withdraw"),
    path("runs/<int:pk>/replace/", views.run_replace, name="run_replace"),
    path("runs/<int:pk>/results/<int:subject>/", views.run_explain, name="run_explain"),
    path("runs/<int:pk>/results/<int:subject>/facts/<str:node_id>/", views.run_facts, name="run_facts"),
    path("runs/<int:pk>/results/<int:subject>/difference/", differences.run_difference, name="run_difference"),
    path("runs/<int:pk>/boards/", boards.run_boards, name="run_boards"),
    path("runs/<int:pk>/what-if/", what_if.run_what_if, name="run_what_if"),
    path("runs/<int:pk>/what-if/draft/", what_if.run_what_if_draft, name="run_what_if_draft"),
    path("runs/<int:pk>/firmness/", what_if.run_firmness, name="run_firmness"),
]
