"""Addresses below /appraisal/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.appraisal import figure_views, panel_views, remark_views, veto_views, views

urlpatterns = [
    path("runs/", views.run_list, name="runs"),
    path("runs/start/", views.run_start, name="run_start"),
    path("runs/<int:pk>/", views.run_detail, name="run_detail"),
    path("runs/<int:pk>/export/", views.run_export, name="run_export"),
    path("runs/<int:pk>/recompute/", views.run_recompute, name="run_recompute"),
    path("runs/<int:pk>/settle/", views.run_settle, name="run_settle"),
    path("runs/<int:pk>/publish/", views.run_publish, name="run_publish"),
    path("runs/<int:pk>/finalize/", views.run_finalize, name="run_finalize"),
    path("runs/<int:pk>/withdraw/", views.run_withdraw, name="run_withdraw"),
    path("runs/<int:pk>/replace/", views.run_replace, name="run_replace"),
    path("runs/<int:pk>/results/<int:subject>/", views.run_explain, name="run_explain"),
    path("runs/<int:pk>/results/<int:subject>/facts/<str:node_id>/", views.run_facts, name="run_facts"),
    path("runs/<int:pk>/check/", remark_views.run_check, name="run_check"),
    path("runs/<int:pk>/review/", remark_views.run_review, name="run_review"),
    path("runs/<int:pk>/results/<int:subject>/remark/", remark_views.remark_add, name="remark_add"),
    path("runs/<int:pk>/consequences/", remark_views.run_consequences, name="run_consequences"),
    path("runs/<int:pk>/consequences/<str:form>/", remark_views.run_consequences_file, name="run_consequences_file"),
    path("remarks/<int:pk>/answer/", remark_views.remark_answer, name="remark_answer"),
    path("remarks/<int:pk>/take-back/", remark_views.remark_take_back, name="remark_take_back"),
    path("figures/", figure_views.figure_list, name="figures"),
    path("figures/enter/", figure_views.figure_enter, name="figure_enter"),
    path("figures/import/", figure_views.figure_import, name="figure_import"),
    path("figures/table/", figure_views.figure_table, name="figure_table"),
    path("figures/export/", figure_views.figure_export, name="figure_export"),
    path("vetoes/", veto_views.veto_list, name="vetoes"),
    path("vetoes/raise/", veto_views.veto_raise, name="veto_raise"),
    path("vetoes/<int:pk>/", veto_views.veto_detail, name="veto_detail"),
    path("vetoes/<int:pk>/review/", veto_views.veto_review, name="veto_review"),
    path("vetoes/<int:pk>/lift/", veto_views.veto_lift, name="veto_lift"),
    path("panels/", panel_views.panel_list, name="panels"),
    path("panels/open/", panel_views.panel_open, name="panel_open"),
    path("panels/<int:pk>/", panel_views.panel_detail, name="panel_detail"),
    path("panels/<int:pk>/mark/", panel_views.panel_mark, name="panel_mark"),
    path("panels/<int:pk>/conflict/<int:number>/", panel_views.panel_conflict, name="panel_conflict"),
    path("panels/<int:pk>/count/", panel_views.panel_count, name="panel_count"),
    path("panels/<int:pk>/void/", panel_views.panel_void, name="panel_void"),
]
