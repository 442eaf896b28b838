"""Addresses below /hearings/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.hearings import reporter_views, views

urlpatterns = [
    path("", views.hearing_list, name="hearings"),
    path("new/", views.hearing_create, name="hearing_create"),
    path("<int:pk>/", views.hearing_detail, name="hearing_detail"),
    path("<int:pk>/arrange/", views.hearing_arrange, name="hearing_arrange"),
    path("<int:pk>/reporters/", views.hearing_reporters, name="hearing_reporters"),
    path("<int:pk>/groups/<int:group>/", views.hearing_group, name="hearing_group"),
    path("<int:pk>/open/", views.hearing_open, name="hearing_open"),
    path("<int:pk>/stop/", views.hearing_stop, name="hearing_stop"),
    path("<int:pk>/count/", views.hearing_count, name="hearing_count"),
    path("<int:pk>/close/", views.hearing_close, name="hearing_close"),
    path("<int:pk>/call-off/", views.hearing_call_off, name="hearing_call_off"),
    path("<int:pk>/print.<fileform:form>", views.hearing_print, name="hearing_print"),
    path("<int:pk>/export/", views.hearing_export, name="hearing_export"),
    path("<int:pk>/reporters/<int:reporter>/", reporter_views.reporter_detail, name="hearing_reporter"),
    path("<int:pk>/reporters/<int:reporter>/report/", reporter_views.report_edit, name="hearing_report"),
    path("<int:pk>/reporters/<int:reporter>/file/", reporter_views.report_file, name="hearing_report_file"),
    path("<int:pk>/reporters/<int:reporter>/remarks/", reporter_views.reporter_remark, name="hearing_remark"),
    path("<int:pk>/reporters/<int:reporter>/problems/", reporter_views.reporter_problem, name="hearing_problem"),
    path("<int:pk>/reporters/<int:reporter>/object/", reporter_views.reporter_object, name="hearing_object"),
    path("<int:pk>/reporters/<int:reporter>/answer/", reporter_views.reporter_answer, name="hearing_answer"),
    path("<int:pk>/reporters/<int:reporter>/print.<fileform:form>", reporter_views.reporter_print,
         name="hearing_result_print"),
]  # fmt: skip
