"""Addresses below /administration/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.administration import views

urlpatterns = [
    path("", views.administration, name="administration"),
    path("accounts/<int:pk>/unlock/", views.account_unlock, name="account_unlock"),
    path("verification/start/", views.verification_start, name="verification_start"),
]
