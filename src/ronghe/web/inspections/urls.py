"""Addresses below /inspections/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.inspections import call_views, finding_views, views

urlpatterns = [
    path("", views.inspections, name="inspections"),
    path("export/", views.inspections_export, name="inspections_export"),
    path("new/", views.inspection_new, name="inspection_new"),
    path("<int:pk>/", views.inspection, name="inspection"),
    path("<int:pk>/items/<slug:item>/judge/", views.inspection_judge, name="inspection_judge"),
    path("<int:pk>/items/<slug:item>/finding/", views.inspection_finding, name="inspection_finding"),
    path("<int:pk>/seal/", views.inspection_seal, name="inspection_seal"),
    path("<int:pk>/call-off/", views.inspection_call_off, name="inspection_call_off"),
    path("<int:pk>/grade/", views.inspection_grade, name="inspection_grade"),
    path("<int:pk>/print/<fileform:form>/", views.inspection_print, name="inspection_print"),
    path("calls/", call_views.inspection_calls, name="inspection_calls"),
    path("calls/new/", call_views.inspection_call_new, name="inspection_call_new"),
    path("calls/<int:pk>/", call_views.inspection_call, name="inspection_call"),
    path("calls/<int:pk>/close/", call_views.inspection_call_close, name="inspection_call_close"),
    path("findings/", finding_views.findings, name="findings"),
    path("findings/export/", finding_views.findings_export, name="findings_export"),
    path("findings/new/", finding_views.finding_new, name="finding_new"),
    path("findings/<int:pk>/settle/", finding_views.finding_settle, name="finding_settle"),
    path("findings/<int:pk>/object/", finding_views.finding_object, name="finding_object"),
]
