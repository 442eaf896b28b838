"""Addresses below /org/structure/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.structure import act_views, body_views, tree_views, unit_views

urlpatterns = [
    path("export/", tree_views.tree_export, name="tree_export"),
    path("bodies/<int:pk>/", body_views.body_detail, name="body_detail"),
    path("figures/", body_views.rule_figures, name="rule_figures"),
    path("acts/", act_views.body_acts, name="body_acts"),
    path("acts/new/", act_views.body_act_create, name="body_act_create"),
    path("acts/<int:pk>/", act_views.body_act_detail, name="body_act_detail"),
    path("acts/<int:pk>/approve/", act_views.body_act_approve, name="body_act_approve"),
    path("acts/<int:pk>/refuse/", act_views.body_act_refuse, name="body_act_refuse"),
    path("acts/<int:pk>/withdraw/", act_views.body_act_withdraw, name="body_act_withdraw"),
    path("acts/<int:pk>/note/", act_views.body_act_note, name="body_act_note"),
    path("units/new/", unit_views.unit_create, name="unit_create"),
    path("units/<int:pk>/", unit_views.unit_detail, name="unit_detail"),
    path("units/<int:pk>/move/", unit_views.unit_move, name="unit_move"),
    path("units/<int:pk>/rename/", unit_views.unit_rename, name="unit_rename"),
    path("units/<int:pk>/close/", unit_views.unit_close, name="unit_close"),
    path("units/<int:pk>/mode/", unit_views.station_mode, name="station_mode"),
    path("stations/", unit_views.stations, name="stations"),
]
