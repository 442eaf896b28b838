"""Addresses below /field/incidents/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.incidents import views

urlpatterns = [
    path("", views.incidents, name="incidents"),
    path("export/", views.incidents_export, name="incidents_export"),
    path("new/", views.incident_report, name="incident_report"),
    path("<int:pk>/", views.incident_detail, name="incident_detail"),
    path("<int:pk>/notices/<int:notice>/tell/", views.incident_tell, name="incident_tell"),
    path("<int:pk>/figures/", views.incident_figures, name="incident_figures"),
    path("<int:pk>/close/", views.incident_close, name="incident_close"),
    path("<int:pk>/withdraw/", views.incident_withdraw, name="incident_withdraw"),
]
