"""Addresses below /rhythm/campaigns/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.campaigns import stage_views, themed_views, views, year_views

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("board/<slug:playbook>/<str:starts>/", views.campaign_board, name="campaign_board"),
    path("board/<slug:playbook>/<str:starts>/export/", views.campaign_board_export, name="campaign_board_export"),
    path("themed/", themed_views.themed_list, name="themed"),
    path("themed/new/", themed_views.themed_create, name="themed_create"),
    path("themed/export/", themed_views.themed_export, name="themed_export"),
    path("themed/year/", year_views.themed_year, name="themed_year"),
    path("themed/year/export/", year_views.themed_year_export, name="themed_year_export"),
    path("themed/give/<int:activity>/", themed_views.theme_give, name="theme_give"),
    path("themed/<int:pk>/", themed_views.themed_detail, name="themed_detail"),
    path("themed/<int:pk>/theme/", themed_views.theme_change, name="theme_change"),
    path("themed/<int:pk>/withdraw/", themed_views.theme_withdraw, name="theme_withdraw"),
    path("themed/<int:pk>/result/", themed_views.themed_result, name="themed_result"),
    path("themed/<int:pk>/tasks/", themed_views.themed_task, name="themed_task"),
    path("themed/<int:pk>/tasks/<int:task>/out/", themed_views.themed_task_out, name="themed_task_out"),
    path("themed/<int:pk>/problems/", themed_views.themed_problem, name="themed_problem"),
    path("<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("stages/<int:pk>/", stage_views.stage_of_record, name="campaign_stage_of_record"),
    path("<int:pk>/stages/<slug:stage>/", stage_views.campaign_stage, name="campaign_stage"),
    path("<int:pk>/stages/<slug:stage>/summary/", stage_views.stage_summarize, name="campaign_stage_summarize"),
    path("<int:pk>/stages/<slug:stage>/correct/", stage_views.stage_correct, name="campaign_stage_correct"),
    path("<int:pk>/stages/<slug:stage>/print.<fileform:form>", stage_views.stage_print, name="campaign_stage_print"),
    path("<int:pk>/report/", stage_views.campaign_report, name="campaign_report"),
    path("<int:pk>/report/save/", stage_views.report_save, name="campaign_report_save"),
    path("<int:pk>/report/take-back/", stage_views.report_take_back, name="campaign_report_take_back"),
    path("<int:pk>/report/accept/", stage_views.report_accept, name="campaign_report_accept"),
    path("<int:pk>/report/return/", stage_views.report_return, name="campaign_report_return"),
    path("<int:pk>/report/print.<fileform:form>", stage_views.report_print, name="campaign_report_print"),
]
