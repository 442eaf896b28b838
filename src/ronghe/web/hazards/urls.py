"""Addresses below /field/ for hazards and violations."""

from __future__ import annotations

from django.urls import path

from ronghe.web.hazards import views

urlpatterns = [
    path("hazards/", views.hazards, name="hazards"),
    path("hazards/export/", views.hazards_export, name="hazards_export"),
    path("hazards/new/", views.hazard_report, name="hazard_report"),
    path("hazards/figures/", views.hazard_figures, name="hazard_figures"),
    path("hazards/<int:pk>/assess/", views.hazard_assess, name="hazard_assess"),
    path("violations/", views.violations, name="violations"),
    path("violations/export/", views.violations_export, name="violations_export"),
    path("violations/new/", views.violation_report, name="violation_report"),
    path("violations/figures/", views.violation_figures, name="violation_figures"),
    path("violations/<int:pk>/confirm/", views.violation_confirm, name="violation_confirm"),
]
