"""Addresses below /rhythm/plans/."""

from __future__ import annotations

from django.urls import path, re_path

from ronghe.web.planning import item_views, views

urlpatterns = [
    path("", views.plans, name="plans"),
    path("export/", views.plans_export, name="plans_export"),
    path("gaps/", item_views.plan_gaps, name="plan_gaps"),
    path("rounds/<int:pk>/", views.round_detail, name="plan_round"),
    path("gaps/export/", item_views.gaps_export, name="plan_gaps_export"),
    path("new/", views.plan_create, name="plan_create"),
    path("<int:pk>/", views.plan_detail, name="plan_detail"),
    re_path(r"^(?P<pk>\d{1,18})/(?P<step>offer|take-back|close|reopen)/$", views.plan_step, name="plan_step"),
    re_path(r"^(?P<pk>\d{1,18})/confirm/(?P<side>party|production)/$", views.plan_confirm, name="plan_confirm"),
    path("<int:pk>/head/", views.plan_head, name="plan_head"),
    path("<int:pk>/versions/", views.plan_versions, name="plan_versions"),
    path("<int:pk>/table/", views.plan_template, name="plan_template"),
    path("<int:pk>/import/", views.plan_import, name="plan_import"),
    path("<int:pk>/items/new/", item_views.item_new, name="plan_item_new"),
    path("<int:pk>/<str:quarter>/export/", views.plan_export, name="plan_export"),
    path("<int:pk>/<str:quarter>/print/<fileform:form>/", views.plan_print, name="plan_print"),
    path("<int:pk>/<str:quarter>/walk/", item_views.plan_walk, name="plan_walk"),
    path("<int:pk>/<str:quarter>/walk/begin/", item_views.walk_begin, name="plan_walk_begin"),
    path("<int:pk>/<str:quarter>/walk/refresh/", item_views.walk_refresh, name="plan_walk_refresh"),
    path("<int:pk>/<str:quarter>/walk/close/", item_views.walk_close, name="plan_walk_close"),
    path("items/<int:pk>/", item_views.item_detail, name="plan_item"),
    path("items/<int:pk>/edit/", item_views.item_edit, name="plan_item_edit"),
    path("items/<int:pk>/drop/", item_views.item_drop, name="plan_item_drop"),
    path("items/<int:pk>/restore/", item_views.item_restore, name="plan_item_restore"),
    path("items/<int:pk>/done/", item_views.item_done, name="plan_item_done"),
    path("items/<int:pk>/undone/", item_views.item_undone, name="plan_item_undone"),
    re_path(
        r"^checks/(?P<pk>\d{1,18})/(?P<verb>confirm|waive|contest|back)/$", item_views.check_decide,
        name="plan_check_decide",
    ),
    path("checks/<int:pk>/choose/", item_views.check_choose, name="plan_check_choose"),
    path("checks/<int:pk>/gap/", item_views.check_gap, name="plan_check_gap"),
    path("evidence/<int:pk>/reject/", item_views.evidence_reject, name="plan_evidence_reject"),
]  # fmt: skip
