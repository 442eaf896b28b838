"""Addresses below /field/risks/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.risks import views

urlpatterns = [
    path("", views.risks, name="risks"),
    path("export/", views.risks_export, name="risks_export"),
    path("areas/", views.areas, name="risk_areas"),
    path("areas/new/", views.area_create, name="risk_area_create"),
    path("areas/<int:pk>/edit/", views.area_edit, name="risk_area_edit"),
    path("areas/<int:pk>/close/", views.area_close, name="risk_area_close"),
    path("areas/<int:pk>/risks/new/", views.risk_create, name="risk_create"),
    path("<int:pk>/", views.risk_detail, name="risk_detail"),
    path("<int:pk>/edit/", views.risk_edit, name="risk_edit"),
    path("<int:pk>/raise/", views.risk_raise, name="risk_raise"),
    path("<int:pk>/review/", views.risk_review, name="risk_review"),
    path("<int:pk>/close/", views.risk_close, name="risk_close"),
]
