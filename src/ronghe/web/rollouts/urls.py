"""Addresses below /rollouts/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.rollouts import act_views, target_views, views

urlpatterns = [
    path("", views.rollout_list, name="rollouts"),
    path("new/", act_views.rollout_draft, name="rollout_draft"),
    path("<int:pk>/", views.rollout_detail, name="rollout_detail"),
    path("<int:pk>/units/", views.rollout_units, name="rollout_units"),
    path("<int:pk>/export/", views.rollout_export, name="rollout_export"),
    path("<int:pk>/pilot/", act_views.pilot_start, name="rollout_pilot"),
    path("<int:pk>/call-back/", act_views.pilot_call_back, name="rollout_call_back"),
    path("<int:pk>/conclude/", act_views.pilot_conclude, name="rollout_conclude"),
    path("<int:pk>/review/", act_views.pilot_review, name="rollout_review"),
    path("<int:pk>/roll-out/", act_views.rollout_spread, name="rollout_spread"),
    path("<int:pk>/end/", act_views.rollout_end, name="rollout_end"),
    path("<int:pk>/call-off/", act_views.rollout_call_off, name="rollout_call_off"),
    path("units/<int:pk>/", target_views.target_detail, name="rollout_unit"),
    path("units/<int:pk>/adopt/", target_views.target_adopt, name="rollout_unit_adopt"),
    path("units/<int:pk>/reason/", target_views.target_reason, name="rollout_unit_reason"),
    path("units/<int:pk>/effect/", target_views.target_effect, name="rollout_unit_effect"),
    path("units/<int:pk>/release/", target_views.target_release, name="rollout_unit_release"),
]
