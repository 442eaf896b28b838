"""Addresses below /zones/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.zones import ending_views, list_views, party_views, reading_views, sheet_views, views

urlpatterns = [
    path("", list_views.zone_list, name="zones"),
    path("export/", list_views.zone_export, name="zone_export"),
    path("new/", list_views.zone_create, name="zone_create"),
    path("parameters/<int:pk>/", list_views.zone_parameters, name="zone_parameters"),
    path("parameters/<int:pk>/<slug:name>/", list_views.zone_parameter_set, name="zone_parameter_set"),
    path("<int:pk>/", views.zone_detail, name="zone_detail"),
    path("<int:pk>/edit/", views.zone_edit, name="zone_edit"),
    path("<int:pk>/agree/", views.zone_agree, name="zone_agree"),
    path("<int:pk>/return/", views.zone_return, name="zone_return"),
    path("<int:pk>/withdraw/", views.zone_withdraw, name="zone_withdraw"),
    path("<int:pk>/approve/", views.zone_approve, name="zone_approve"),
    path("<int:pk>/start/", views.zone_start, name="zone_start"),
    path("<int:pk>/shut-downs/plan/", views.shut_down_plan, name="shut_down_plan"),
    path("<int:pk>/people/", party_views.zone_people, name="zone_people"),
    path("<int:pk>/parties/add/", party_views.party_add, name="zone_party_add"),
    path("<int:pk>/parties/<int:party>/contact/", party_views.party_contact, name="zone_party_contact"),
    path("<int:pk>/parties/<int:party>/leave/", party_views.party_leave, name="zone_party_leave"),
    path("<int:pk>/posts/add/", party_views.zone_appoint, name="zone_appoint"),
    path("<int:pk>/posts/<int:post>/end/", party_views.zone_relieve, name="zone_relieve"),
    path("<int:pk>/projects/add/", party_views.project_add, name="zone_project_add"),
    path("<int:pk>/projects/<int:row>/remove/", party_views.project_remove, name="zone_project_remove"),
    path("<int:pk>/sheet/", sheet_views.zone_sheet, name="zone_sheet"),
    path("<int:pk>/sheet/export/", sheet_views.sheet_export, name="zone_sheet_export"),
    path("<int:pk>/sheet/history/", sheet_views.sheet_history, name="zone_sheet_history"),
    path("<int:pk>/sheet/draft/", sheet_views.sheet_draft, name="zone_sheet_draft"),
    path("<int:pk>/sheet/add/", sheet_views.line_add, name="zone_line_add"),
    path("<int:pk>/sheet/<int:line>/", sheet_views.line_edit, name="zone_line_edit"),
    path("<int:pk>/sheet/<int:line>/end/", sheet_views.line_end, name="zone_line_end"),
    path("<int:pk>/institutions/", reading_views.zone_institutions, name="zone_institutions"),
    path("<int:pk>/integration/", reading_views.zone_integration, name="zone_integration"),
    path("<int:pk>/records/", reading_views.zone_records, name="zone_records"),
    path("<int:pk>/evaluation/", ending_views.zone_evaluation, name="zone_evaluation"),
    path("<int:pk>/evaluation/<int:party>/comment/", ending_views.zone_comment, name="zone_comment"),
    path("<int:pk>/dissolve/", ending_views.zone_dissolve, name="zone_dissolve"),
    path("<int:pk>/archive/", ending_views.zone_archive, name="zone_archive"),
]
