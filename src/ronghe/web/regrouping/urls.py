"""Addresses below /org/regrouping/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.regrouping import acts, views, ways_views

urlpatterns = [
    path("", views.grouping_list, name="groupings"),
    path("new/", views.grouping_create, name="grouping_create"),
    path("<int:pk>/", views.grouping_detail, name="grouping_detail"),
    path("<int:pk>/effect/", views.grouping_effect, name="grouping_effect"),
    path("<int:pk>/compare/", views.grouping_compare, name="grouping_compare"),
    path("<int:pk>/why/", views.grouping_why, name="grouping_why"),
    path("<int:pk>/asked/", views.grouping_asked, name="grouping_asked"),
    path("<int:pk>/apart/", acts.grouping_apart, name="grouping_apart"),
    path("<int:pk>/ways/", ways_views.grouping_ways, name="grouping_ways"),
    path("<int:pk>/ways/import/", ways_views.grouping_ways_import, name="grouping_ways_import"),
    path("<int:pk>/ways/line/", ways_views.grouping_ways_line, name="grouping_ways_line"),
    path("<int:pk>/solve/", acts.grouping_solve, name="grouping_solve"),
    path("<int:pk>/loosen/", acts.grouping_loosen, name="grouping_loosen"),
    path("<int:pk>/approve/", acts.grouping_approve, name="grouping_approve"),
    path("<int:pk>/return/", acts.grouping_return, name="grouping_return"),
    path("<int:pk>/drop/", acts.grouping_drop, name="grouping_drop"),
    path("<int:pk>/carry-out/", acts.grouping_carry_out, name="grouping_carry_out"),
    path("<int:pk>/undo/", acts.grouping_undo, name="grouping_undo"),
    path("<int:pk>/record.<str:form>", views.grouping_record_file, name="grouping_record"),
    path("<int:pk>/<str:letter>/stop/", acts.grouping_stop, name="grouping_stop"),
    path("<int:pk>/<str:letter>/move/", acts.grouping_move, name="grouping_move"),
    path("<int:pk>/<str:letter>/swap/", acts.grouping_swap, name="grouping_swap"),
    path("<int:pk>/<str:letter>/back/", acts.grouping_back, name="grouping_back"),
    path("<int:pk>/<str:letter>/pin/", acts.grouping_pin, name="grouping_pin"),
    path("<int:pk>/<str:letter>/lead/", acts.grouping_lead, name="grouping_lead"),
    path("<int:pk>/<str:letter>/submit/", acts.grouping_submit, name="grouping_submit"),
]
