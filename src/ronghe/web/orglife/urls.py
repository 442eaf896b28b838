"""Addresses below /rhythm/org-life/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.orglife import above_views, member_views, running_views, views

_MEMBER = "<int:pk>/members/<int:member>/"

urlpatterns = [
    path("", views.orglife, name="orglife"),
    path("new/", views.session_create, name="life_create"),
    path("overview/", above_views.life_overview, name="life_overview"),
    path("overview/export/", above_views.life_overview_export, name="life_overview_export"),
    path("leaders/", above_views.life_leaders, name="life_leaders"),
    path("leaders/export/", above_views.life_leaders_export, name="life_leaders_export"),
    path("<int:pk>/", views.session_detail, name="life_session"),
    path("<int:pk>/arrange/", views.session_arrange, name="life_arrange"),
    path("<int:pk>/refresh/", views.session_refresh, name="life_refresh"),
    path("<int:pk>/call-off/", views.session_call_off, name="life_call_off"),
    path("<int:pk>/study/", views.session_study, name="life_study"),
    path("<int:pk>/prepare/", views.session_prepare, name="life_prepare"),
    path("<int:pk>/prepare/<slug:item>/take-back/", views.session_unprepare, name="life_unprepare"),
    path("<int:pk>/prepare/<slug:item>/file/", views.session_evidence, name="life_evidence"),
    path("<int:pk>/opinions/new/", views.opinion_give, name="life_opinion"),
    path("<int:pk>/opinions/read/", views.opinions_read, name="life_opinions_read"),
    path("<int:pk>/peers/", member_views.session_peers, name="life_peers"),
    path("<int:pk>/open/", running_views.session_open, name="life_open"),
    path("<int:pk>/admit/", running_views.session_admit, name="life_admit"),
    path("<int:pk>/stop/", running_views.session_stop, name="life_stop"),
    path("<int:pk>/count/", running_views.session_count, name="life_count"),
    path("<int:pk>/grades/", running_views.session_grades, name="life_grades"),
    path("<int:pk>/rest/", running_views.session_rest, name="life_rest"),
    path("<int:pk>/tell/", running_views.session_tell, name="life_tell"),
    path("<int:pk>/report/", running_views.session_report, name="life_report"),
    path("<int:pk>/close/", running_views.session_close, name="life_close"),
    path("<int:pk>/review/", running_views.session_review, name="life_review"),
    path("<int:pk>/corrections/", running_views.correction_add, name="life_correction_add"),
    path("<int:pk>/corrections/<int:correction>/carry/", running_views.correction_carry, name="life_carry"),
    path("<int:pk>/corrections/<int:correction>/keep/", running_views.correction_keep, name="life_keep"),
    path("<int:pk>/summary.<fileform:form>", above_views.life_print, {"paper": "summary"}, name="life_summary_print"),
    path("<int:pk>/annex.<fileform:form>", above_views.life_print, {"paper": "annex"}, name="life_annex_print"),
    path("<int:pk>/corrections.<fileform:form>", above_views.life_print, {"paper": "corrections"},
         name="life_corrections_print"),
    path(_MEMBER, member_views.member_detail, name="life_member"),
    path(f"{_MEMBER}read/", member_views.member_read, name="life_member_read"),
    path(f"{_MEMBER}statement/", member_views.member_statement, name="life_statement"),
    path(f"{_MEMBER}self/", member_views.member_self, name="life_self"),
    path(f"{_MEMBER}criticism/", member_views.member_criticism, name="life_criticism"),
    path(f"{_MEMBER}exempt/", member_views.member_exempt, name="life_exempt"),
    path(f"{_MEMBER}take-in/", member_views.member_take_in, name="life_take_in"),
    path(f"{_MEMBER}measure/", member_views.member_measure, name="life_measure"),
    path(f"{_MEMBER}acknowledge/", member_views.member_acknowledge, name="life_acknowledge"),
    path(f"{_MEMBER}object/", member_views.member_object, name="life_object"),
    path(f"{_MEMBER}answer/", member_views.member_answer, name="life_answer"),
    path(f"{_MEMBER}corrections/", member_views.member_correction, name="life_member_correction"),
    path(f"{_MEMBER}print.<fileform:form>", above_views.life_member_print, name="life_member_print"),
]  # fmt: skip
