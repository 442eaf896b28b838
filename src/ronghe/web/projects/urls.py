"""Addresses below /projects/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.projects import views

urlpatterns = [
    path("", views.project_list, name="projects"),
    path("export/", views.project_export, name="project_export"),
    path("new/", views.project_create, name="project_create"),
    path("<int:pk>/", views.project_detail, name="project_detail"),
    path("<int:pk>/edit/", views.project_edit, name="project_edit"),
    path("<int:pk>/start/", views.project_start, name="project_start"),
    path("<int:pk>/complete/", views.project_complete, name="project_complete"),
    path("<int:pk>/call-off/", views.project_call_off, name="project_call_off"),
    path("<int:pk>/take-back/", views.project_take_back, name="project_take_back"),
]
