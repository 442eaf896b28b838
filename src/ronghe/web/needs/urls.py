"""Addresses below /work/needs/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.needs import board_views, presenting, views  # noqa: F401 - presenting registers the panel

urlpatterns = [
    path("", views.need_list, name="needs"),
    path("new/", views.need_create, name="need_create"),
    path("export/", views.need_export, name="need_export"),
    path("take/", views.need_sources, name="need_sources"),
    path("take/topics/<int:pk>/", views.need_from_topic, name="need_from_topic"),
    path("take/problems/<int:pk>/", views.need_from_problem, name="need_from_problem"),
    path("moments/", views.moment_list, name="need_moments"),
    path("moments/<int:pk>/off/", views.moment_off, name="need_moment_off"),
    path("board/", board_views.board, name="need_board"),
    path("board/<int:pk>/targets/", board_views.targets, name="need_targets"),
    path("<int:pk>/merge/", views.need_merge, name="need_merge"),
    path("<int:pk>/moments/", views.moment_create, name="need_moment_create"),
    path("<int:pk>/print.<fileform:form>", views.need_print, name="need_print"),
]
