"""Addresses below /rhythm/, and the short ones that the codes hold."""

from __future__ import annotations

from django.urls import path

from ronghe.web.rhythm import form_views, list_views, plan_views, topic_views, views, visit_views

urlpatterns = [
    path("rhythm/activities/", list_views.activity_list, name="huddles"),
    path("rhythm/activities/export/", list_views.activity_export, name="activity_export"),
    path("rhythm/activities/new/", list_views.activity_create, name="activity_create"),
    path("rhythm/activities/new/outlook/", list_views.activity_outlook, name="activity_outlook"),
    path("rhythm/huddles/open/", views.huddle_open, name="huddle_open"),
    path("rhythm/activities/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("rhythm/activities/<int:pk>/open/", views.activity_open, name="activity_open"),
    path("rhythm/activities/<int:pk>/code/", views.activity_code, name="activity_code"),
    path("rhythm/activities/<int:pk>/card/", views.activity_card, name="activity_card"),
    path("rhythm/activities/<int:pk>/tick/", views.activity_tick, name="activity_tick"),
    path(
        "rhythm/activities/<int:pk>/tick/<int:attendance_pk>/withdraw/", views.activity_untick, name="activity_untick"
    ),
    path("rhythm/activities/<int:pk>/leave/", views.activity_leave, name="activity_leave"),
    path("rhythm/activities/<int:pk>/topics/add/", views.topic_add, name="topic_add"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/", topic_views.topic_detail, name="topic_detail"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/edit/", topic_views.topic_edit, name="topic_edit"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/speeches/add/", topic_views.speech_add, name="speech_add"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/matter/", topic_views.topic_matter, name="topic_matter"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/vote/", topic_views.topic_vote, name="topic_vote"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/written/", topic_views.topic_written, name="topic_written"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/ballot/", topic_views.topic_ballot, name="topic_ballot"),
    path(
        "rhythm/activities/<int:pk>/topics/<int:item_pk>/ballot/admit/",
        topic_views.topic_ballot_admit,
        name="topic_ballot_admit",
    ),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/dissent/", topic_views.dissent_add, name="dissent_add"),
    path("rhythm/activities/<int:pk>/topics/<int:item_pk>/task/", topic_views.topic_task, name="topic_task"),
    path(
        "rhythm/activities/<int:pk>/topics/<int:item_pk>/speeches/<int:speech_pk>/withdraw/",
        topic_views.speech_withdraw,
        name="speech_withdraw",
    ),
    path("rhythm/activities/<int:pk>/checks/<str:check_id>/", form_views.check_answer, name="check_answer"),
    path("rhythm/activities/<int:pk>/checks/<str:check_id>/task/", form_views.check_task, name="check_task"),
    path("rhythm/activities/<int:pk>/checks-fine/", form_views.checks_rest_fine, name="checks_rest_fine"),
    path("rhythm/activities/<int:pk>/figures/", form_views.figures_save, name="figures_save"),
    path("rhythm/activities/<int:pk>/outcome/", form_views.outcome_save, name="outcome_save"),
    path("rhythm/activities/<int:pk>/online/", form_views.online_switch, name="online_switch"),
    path("rhythm/activities/<int:pk>/online/join/", form_views.online_join, name="online_join"),
    path("rhythm/activities/<int:pk>/leave/own/", form_views.own_leave, name="own_leave"),
    path(
        "rhythm/activities/<int:pk>/attendances/<int:attendance_pk>/late/",
        form_views.attendance_late,
        name="attendance_late",
    ),
    path(
        "rhythm/activities/<int:pk>/attendances/<int:attendance_pk>/left/",
        form_views.attendance_left,
        name="attendance_left",
    ),
    path("rhythm/activities/<int:pk>/photos/add/", views.activity_photo, name="activity_photo"),
    path("rhythm/activities/<int:pk>/close/", views.activity_close, name="activity_close"),
    path("rhythm/activities/<int:pk>/correct/", views.activity_correct, name="activity_correct"),
    path("rhythm/activities/<int:pk>/record.<fileform:form>", views.activity_record, name="activity_record"),
    path("rhythm/activities/<int:pk>/summary.<fileform:form>", views.activity_summary, name="activity_summary"),
    path("rhythm/activities/<int:pk>/move/", plan_views.activity_move, name="activity_move"),
    path("rhythm/activities/<int:pk>/off/", plan_views.activity_off, name="activity_off"),
    path("rhythm/activities/<int:pk>/hosts/add/", plan_views.host_add, name="host_add"),
    path("rhythm/activities/<int:pk>/hosts/<int:host_pk>/withdraw/", plan_views.host_withdraw, name="host_withdraw"),
    path("rhythm/visits/", visit_views.visit_list, name="visits"),
    path("rhythm/visits/export/", visit_views.visit_export, name="visit_export"),
    path("rhythm/visits/new/", visit_views.visit_create, name="visit_create"),
    path("rhythm/visits/code/", visit_views.visit_code, name="visit_code"),
    path("rhythm/visits/<int:pk>/", visit_views.visit_detail, name="visit_detail"),
    path("rhythm/visits/<int:pk>/text/", visit_views.visit_text, name="visit_text"),
    path("rhythm/visits/<int:pk>/correct/", visit_views.visit_correct, name="visit_correct"),
    path("v/<str:code>/", visit_views.visit_scan, name="visit_scan"),
    path("scan/", views.scan, name="scan"),
    path("s/<str:code>/", views.sign_in, name="sign_in"),
]
