"""Addresses below /work/claims/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.claims import views

urlpatterns = [
    path("", views.claims, name="claims"),
    path("tasks/", views.claim_tasks, name="claim_tasks"),
    path("new/", views.sheet_create, name="claim_sheet_create"),
    path("<int:pk>/", views.sheet_detail, name="claim_sheet"),
    path("<int:pk>/tasks/new/", views.task_add, name="claim_task_add"),
    path("<int:pk>/publish/", views.sheet_publish, name="claim_sheet_publish"),
    path("<int:pk>/sign/<int:body>/", views.sheet_sign, name="claim_sheet_sign"),
    path("<int:pk>/close/", views.sheet_close, name="claim_sheet_close"),
    path("<int:pk>/print.<fileform:form>", views.sheet_print, name="claim_sheet_print"),
    path("<int:pk>/export/", views.sheet_export, name="claim_sheet_export"),
]
