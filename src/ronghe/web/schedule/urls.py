"""Addresses below /work/schedule/. A plan is addressed by the number of its project, a task by its own."""

from __future__ import annotations

from django.urls import path, re_path

from ronghe.web.schedule import baseline_views, board_views, file_views, money_views, plan_views, task_views

urlpatterns = [
    path("", board_views.schedules, name="schedules"),
    path("export/", board_views.schedules_export, name="schedules_export"),
    path("start/", board_views.schedule_start, name="schedule_start"),
    path("figures/", board_views.schedule_figures, name="schedule_figures"),
    path("key/", board_views.key_tasks, name="schedule_keys"),
    path("key/export/", board_views.key_tasks_export, name="schedule_keys_export"),
    path("mine/", task_views.mine, name="schedule_mine"),
    path("waiting/", baseline_views.baselines_waiting, name="schedule_waiting"),
    path("<int:project>/", plan_views.plan, name="schedule"),
    path("<int:project>/ahead/", plan_views.ahead, name="schedule_ahead"),
    path("<int:project>/trend/", plan_views.trend, name="schedule_trend"),
    path("<int:project>/setup/", plan_views.setup, name="schedule_setup"),
    path("<int:project>/setup/calendar/", plan_views.calendar_set, name="schedule_calendar"),
    path("<int:project>/setup/days-off/", plan_views.days_off_add, name="schedule_days_off"),
    path("<int:project>/setup/lots/", plan_views.lot_add, name="schedule_lot_add"),
    path("days-off/<int:pk>/lift/", plan_views.days_off_lift, name="schedule_days_off_lift"),
    path("lots/<int:pk>/", plan_views.lot_change, name="schedule_lot"),
    path("lots/<int:pk>/remove/", plan_views.lot_remove, name="schedule_lot_remove"),
    path("<int:project>/tasks/new/", task_views.task_create, name="schedule_task_create"),
    path("reports/<int:pk>/", task_views.report_detail, name="schedule_report"),
    path("tasks/<int:pk>/", task_views.task_detail, name="schedule_task"),
    path("tasks/<int:pk>/edit/", task_views.task_edit, name="schedule_task_edit"),
    path("tasks/<int:pk>/place/", task_views.task_place, name="schedule_task_place"),
    re_path(r"^tasks/(?P<pk>\d{1,18})/move/(?P<way>up|down|in|out)/$", task_views.task_move, name="schedule_task_move"),
    path("tasks/<int:pk>/remove/", task_views.task_remove, name="schedule_task_remove"),
    path("tasks/<int:pk>/restore/", task_views.task_restore, name="schedule_task_restore"),
    path("tasks/<int:pk>/report/", task_views.task_report, name="schedule_task_report"),
    path("tasks/<int:pk>/take-back/", task_views.task_take_back, name="schedule_task_take_back"),
    path("<int:project>/baselines/", baseline_views.baselines, name="schedule_baselines"),
    path("baselines/<int:pk>/", baseline_views.baseline, name="schedule_baseline"),
    re_path(
        r"^baselines/(?P<pk>\d{1,18})/(?P<ruling>approve|refuse|withdraw)/$", baseline_views.baseline_step,
        name="schedule_baseline_step",
    ),
    path("<int:project>/money/", money_views.money, name="schedule_money"),
    path("<int:project>/money/export/", money_views.money_export, name="schedule_money_export"),
    path("amounts/<int:pk>/vouch/", money_views.amount_vouch, name="schedule_amount_vouch"),
    path("amounts/<int:pk>/withdraw/", money_views.amount_withdraw, name="schedule_amount_withdraw"),
    path("<int:project>/import/", file_views.import_new, name="schedule_import"),
    path("<int:project>/import/table/", file_views.table_empty, name="schedule_table"),
    path("imports/<int:pk>/", file_views.import_detail, name="schedule_import_detail"),
    re_path(
        r"^imports/(?P<pk>\d{1,18})/(?P<settling>accept|discard)/$", file_views.import_step, name="schedule_import_step"
    ),
    path("<int:project>/export/xlsx/", file_views.export_table, name="schedule_export_table"),
    path("<int:project>/export/xml/", file_views.export_xml, name="schedule_export_xml"),
    path("<int:project>/print/<fileform:form>/", file_views.print_plan, name="schedule_print"),
]  # fmt: skip
