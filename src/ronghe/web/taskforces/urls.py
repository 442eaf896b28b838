"""Addresses below /taskforces/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.taskforces import acts, point_views, views

urlpatterns = [
    path("", views.force_list, name="taskforces"),
    path("export/", views.force_export, name="taskforce_export"),
    path("new/", views.force_create, name="taskforce_create"),
    path("points/", point_views.point_list, name="difficult_points"),
    path("points/export/", point_views.point_export, name="difficult_point_export"),
    path("points/<int:pk>/", point_views.point_detail, name="difficult_point"),
    path("points/<int:pk>/fix/", point_views.point_fix, name="difficult_point_fix"),
    path("points/<int:pk>/note/", point_views.point_note, name="difficult_point_note"),
    path("points/<int:pk>/resolve/", point_views.point_resolve, name="difficult_point_resolve"),
    path("points/<int:pk>/hand-over/", point_views.point_hand_over, name="difficult_point_hand_over"),
    path("points/<int:pk>/reopen/", point_views.point_reopen, name="difficult_point_reopen"),
    path("<int:pk>/", views.force_detail, name="taskforce_detail"),
    path("<int:pk>/points/new/", point_views.point_create, name="difficult_point_create"),
    path("<int:pk>/approve/", acts.force_approve, name="taskforce_approve"),
    path("<int:pk>/return/", acts.force_return, name="taskforce_return"),
    path("<int:pk>/submit/", acts.force_submit, name="taskforce_submit"),
    path("<int:pk>/withdraw/", acts.force_withdraw, name="taskforce_withdraw"),
    path("<int:pk>/start/", acts.force_start, name="taskforce_start"),
    path("<int:pk>/call-off/", acts.force_call_off, name="taskforce_call_off"),
    path("<int:pk>/wind-up/", acts.force_wind_up, name="taskforce_wind_up"),
    path("<int:pk>/resume/", acts.force_resume, name="taskforce_resume"),
    path("<int:pk>/close/", acts.force_close, name="taskforce_close"),
    path("<int:pk>/describe/", acts.force_describe, name="taskforce_describe"),
    path("<int:pk>/mark/", acts.force_mark, name="taskforce_mark"),
    path("<int:pk>/members/add/", acts.member_add, name="taskforce_member_add"),
    path("<int:pk>/members/<int:member>/lead/", acts.member_lead, name="taskforce_member_lead"),
    path("<int:pk>/members/<int:member>/remove/", acts.member_remove, name="taskforce_member_remove"),
    path("<int:pk>/track/", acts.force_track, name="taskforce_track"),
    path("<int:pk>/outcomes/<slug:kind>/", acts.outcome_write, name="taskforce_outcome"),
    path("<int:pk>/files/add/", acts.outcome_file_add, name="taskforce_file_add"),
    path("<int:pk>/files/<slug:sha256>/", views.force_file, name="taskforce_file"),
]
