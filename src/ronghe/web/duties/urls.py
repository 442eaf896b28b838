"""Addresses below /work/duties/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.duties import act_views, reading_views, row_views

urlpatterns = [
    path("", reading_views.duties, name="duties"),
    path("new/<int:zone>/", act_views.sheet_open, name="duty_sheet_open"),
    path("<int:pk>/", reading_views.sheet_detail, name="duty_sheet"),
    path("<int:pk>/export/", reading_views.sheet_export, name="duty_sheet_export"),
    path("<int:pk>/print.<fileform:form>", reading_views.sheet_print, name="duty_sheet_print"),
    path("<int:pk>/versions/<int:number>/", reading_views.sheet_version, name="duty_sheet_version"),
    path("<int:pk>/issue/", act_views.sheet_issue, name="duty_sheet_issue"),
    path("<int:pk>/agree/<int:party>/", act_views.side_agree, name="duty_side_agree"),
    path("<int:pk>/object/<int:party>/", act_views.side_object, name="duty_side_object"),
    path("<int:pk>/gather/", row_views.rows_gather, name="duty_rows_gather"),
    path("<int:pk>/import/", row_views.rows_import, name="duty_rows_import"),
    path("<int:pk>/import/table/", row_views.import_table, name="duty_import_table"),
    path("<int:pk>/rows/new/", row_views.row_add, name="duty_row_add"),
    path("<int:pk>/rows/<int:row>/", row_views.row_fix, name="duty_row"),
    path("<int:pk>/rows/<int:row>/drop/", row_views.row_drop, name="duty_row_drop"),
]
