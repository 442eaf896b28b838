"""Addresses below /org/grid/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.grid import liaison_views, request_views, views

urlpatterns = [
    path("", views.grid, name="grid"),
    path("export/", views.grid_export, name="grid_export"),
    path("gaps/dismiss/", views.gap_dismiss, name="grid_gap_dismiss"),
    path("gaps/tasks/", views.gap_tasks, name="grid_gap_tasks"),
    path("settings/", views.grid_settings, name="grid_settings"),
    path("liaisons/", liaison_views.liaisons, name="grid_liaisons"),
    path("liaisons/accept/", liaison_views.liaisons_accept, name="grid_liaisons_accept"),
    path("liaisons/name/", liaison_views.liaison_name, name="grid_liaison_name"),
    path("requests/", request_views.request_list, name="grid_requests"),
    path("requests/<int:pk>/", request_views.request_detail, name="grid_request"),
    path("requests/<int:pk>/answer/", request_views.request_answer, name="grid_request_answer"),
    path("requests/<int:pk>/up/", request_views.request_up, name="grid_request_up"),
    path("requests/<int:pk>/task/", request_views.request_task, name="grid_request_task"),
    path("requests/<int:pk>/solved/", request_views.request_solved, name="grid_request_solved"),
    path("requests/<int:pk>/reopen/", request_views.request_reopen, name="grid_request_reopen"),
    path("requests/<int:pk>/withdraw/", request_views.request_withdraw, name="grid_request_withdraw"),
]
