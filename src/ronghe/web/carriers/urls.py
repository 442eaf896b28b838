"""Addresses below /work/carriers/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.carriers import acts, call_acts, call_views, shift_acts, views
from ronghe.web.carriers.promise_views import panel, promise_report
from ronghe.web.items.presenting import PANELS

PANELS["promise"] = ("carriers/_promise_panel.html", panel)

urlpatterns = [
    path("", views.carriers, name="carriers"),
    path("export/", views.carriers_export, name="carriers_export"),
    path("board/", views.board, name="carriers_board"),
    path("board/print/<fileform:form>/", views.board_print, name="carriers_board_print"),
    path("people/", views.people, name="carriers_people"),
    path("people/export/", views.people_export, name="carriers_people_export"),
    path("new/", views.carrier_create, name="carrier_create"),
    path("<int:pk>/", views.carrier_detail, name="carrier_detail"),
    path("<int:pk>/edit/", views.carrier_edit, name="carrier_edit"),
    path("<int:pk>/print/<fileform:form>/", views.carrier_print, name="carrier_print"),
    path("<int:pk>/approve/", acts.carrier_approve, name="carrier_approve"),
    path("<int:pk>/return/", acts.carrier_return, name="carrier_return"),
    path("<int:pk>/submit/", acts.carrier_submit, name="carrier_submit"),
    path("<int:pk>/withdraw/", acts.carrier_withdraw, name="carrier_withdraw"),
    path("<int:pk>/members/add/", acts.member_add, name="carrier_member_add"),
    path("<int:pk>/members/<int:member>/remove/", acts.member_remove, name="carrier_member_remove"),
    path("<int:pk>/promises/add/", acts.promise_add, name="carrier_promise_add"),
    path("<int:pk>/promises/<int:promise>/drop/", acts.promise_drop, name="carrier_promise_drop"),
    path("<int:pk>/results/add/", acts.result_add, name="carrier_result_add"),
    path("<int:pk>/results/<int:result>/take-back/", acts.result_take_back, name="carrier_result_take_back"),
    path("<int:pk>/review/", acts.carrier_review, name="carrier_review"),
    path("<int:pk>/renew/", acts.carrier_renew, name="carrier_renew"),
    path("<int:pk>/end/", acts.carrier_end, name="carrier_end"),
    path("promises/<int:pk>/report/", promise_report, name="promise_report"),
    path("calls/", call_views.callups, name="callups"),
    path("calls/export/", call_views.callups_export, name="callups_export"),
    path("calls/new/", call_views.callup_create, name="callup_create"),
    path("calls/<int:pk>/", call_views.callup_detail, name="callup_detail"),
    path("calls/<int:pk>/print/<fileform:form>/", call_views.callup_print, name="callup_print"),
    path("calls/<int:pk>/export/", call_views.callup_hours, name="callup_hours"),
    path("calls/pictures/<slug:sha256>/", call_views.callup_picture, name="callup_picture"),
    path("calls/<int:pk>/roster/<int:row>/coming/", call_acts.row_coming, name="callup_coming"),
    path("calls/<int:pk>/roster/<int:row>/cannot/", call_acts.row_cannot, name="callup_cannot"),
    path("calls/<int:pk>/roster/<int:row>/here/", call_acts.row_here, name="callup_here"),
    path("calls/<int:pk>/roster/<int:row>/not-here/", call_acts.row_not_here, name="callup_not_here"),
    path("calls/<int:pk>/teams/add/", call_acts.team_add, name="callup_team_add"),
    path("calls/<int:pk>/teams/<int:team>/answer/", call_acts.team_answer, name="callup_team_answer"),
    path("calls/<int:pk>/command/", call_acts.command_pass, name="callup_command"),
    path("calls/<int:pk>/log/", call_acts.line_add, name="callup_line"),
    path("calls/<int:pk>/needs/add/", call_acts.need_add, name="callup_need_add"),
    path("calls/<int:pk>/needs/<int:need>/<slug:step>/", call_acts.need_step, name="callup_need"),
    path("calls/<int:pk>/call-off/", call_acts.callup_call_off, name="callup_call_off"),
    path("calls/<int:pk>/stand-down/", call_acts.callup_stand_down, name="callup_stand_down"),
    path("calls/<int:pk>/resume/", call_acts.callup_resume, name="callup_resume"),
    path("calls/<int:pk>/verify/", call_acts.callup_verify, name="callup_verify"),
    path("calls/<int:pk>/shifts/plan/", shift_acts.shifts_plan, name="callup_shifts"),
    path("calls/<int:pk>/shifts/<int:shift>/put-on/", shift_acts.shift_put_on, name="callup_put_on"),
    path("calls/<int:pk>/shifts/<int:shift>/move/", shift_acts.shift_move, name="callup_shift_move"),
    path("calls/<int:pk>/shifts/<int:shift>/drop/", shift_acts.shift_drop, name="callup_shift_drop"),
    path("calls/<int:pk>/shifts/<int:shift>/hand-over/", shift_acts.shift_hand_over, name="callup_hand_over"),
    path("calls/<int:pk>/shifts/<int:shift>/take-over/", shift_acts.shift_take_over, name="callup_take_over"),
    path("calls/<int:pk>/shifts/<int:shift>/people/<int:part>/off/", shift_acts.part_off, name="callup_part_off"),
    path("calls/<int:pk>/shifts/<int:shift>/people/<int:part>/away/", shift_acts.part_away, name="callup_part_away"),
    path(
        "calls/<int:pk>/shifts/<int:shift>/people/<int:part>/correct/", shift_acts.part_correct, name="callup_correct"
    ),
]
