"""Addresses below /work/surveys/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.surveys import draft_views, result_views, views

urlpatterns = [
    path("", views.survey_list, name="surveys"),
    path("new/", draft_views.survey_create, name="survey_create"),
    path("<int:pk>/", views.survey_detail, name="survey_detail"),
    path("<int:pk>/answer/", views.survey_answer, name="survey_answer"),
    path("<int:pk>/edit/", draft_views.survey_edit, name="survey_edit"),
    path("<int:pk>/judging/", draft_views.survey_judge, name="survey_judge"),
    path("<int:pk>/questions/", draft_views.question_add, name="survey_question_add"),
    path("<int:pk>/questions/<int:number>/", draft_views.question_edit, name="survey_question"),
    path("<int:pk>/questions/<int:number>/<slug:act>/", draft_views.question_act, name="survey_question_act"),
    path("<int:pk>/people/", draft_views.people_edit, name="survey_people"),
    path("<int:pk>/open/", draft_views.survey_open, name="survey_open"),
    path("<int:pk>/copy/", draft_views.survey_copy, name="survey_copy"),
    path("<int:pk>/extend/", views.survey_extend, name="survey_extend"),
    path("<int:pk>/close/", views.survey_close, name="survey_close"),
    path("<int:pk>/drop/", views.survey_drop, name="survey_drop"),
    path("<int:pk>/results/", result_views.survey_results, name="survey_results"),
    path("<int:pk>/results/export/", result_views.results_export, name="survey_export"),
    path("<int:pk>/results/print.<fileform:form>", result_views.results_print, name="survey_print"),
    path("<int:pk>/texts/<int:text>/need/", result_views.text_to_need, name="survey_text_need"),
]
