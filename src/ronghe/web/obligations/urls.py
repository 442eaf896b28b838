"""Addresses below /obligations/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.obligations import views

urlpatterns = [
    path("", views.obligation_list, name="obligations"),
    path("export/", views.obligation_export, name="obligation_export"),
    path("bodies/<int:body_pk>/", views.obligation_bars, name="obligation_bars"),
    path("<int:pk>/", views.obligation_detail, name="obligation_detail"),
    path("<int:pk>/waive/", views.obligation_waive, name="obligation_waive"),
    path("<int:pk>/waive/withdraw/", views.obligation_unwaive, name="obligation_unwaive"),
]
