"""Addresses below /org/elections/."""

from __future__ import annotations

from django.urls import path, re_path

from ronghe.web.elections import counting_views, election_views, term_views

urlpatterns = [
    path("", term_views.term_list, name="terms"),
    path("export/", term_views.term_export, name="terms_export"),
    path("bodies/<int:pk>/", term_views.body_terms, name="body_terms"),
    path("bodies/<int:pk>/designate/", term_views.leader_designate, name="leader_designate"),
    path("terms/new/", term_views.term_create, name="term_create"),
    path("terms/<int:pk>/shift/", term_views.term_shift, name="term_shift"),
    path("elections/", election_views.election_list, name="elections"),
    path("elections/new/", election_views.election_create, name="election_create"),
    path("elections/<int:pk>/", election_views.election_detail, name="election_detail"),
    path("elections/<int:pk>/approve/", election_views.election_approve, name="election_approve"),
    path("elections/<int:pk>/cancel/", election_views.election_cancel, name="election_cancel"),
    path("elections/<int:pk>/report/", election_views.election_report, name="election_report"),
    path("elections/<int:pk>/return/", election_views.election_return, name="election_return"),
    path("elections/<int:pk>/file/", election_views.election_file, name="election_file"),
    re_path(r"^elections/(?P<pk>\d{1,18})/request\.(?P<form>pdf|docx)$", election_views.election_request_paper,
            name="election_request_paper"),
    re_path(r"^elections/(?P<pk>\d{1,18})/result\.(?P<form>pdf|docx)$", election_views.election_result_paper,
            name="election_result_paper"),
    path("contests/<int:pk>/candidates/", election_views.candidate_add, name="candidate_add"),
    path("candidates/<int:pk>/withdraw/", election_views.candidate_withdraw, name="candidate_withdraw"),
    path("contests/<int:pk>/count/", counting_views.ballot_count, name="ballot_count"),
    path("contests/<int:pk>/count/preview/", counting_views.ballot_preview, name="ballot_preview"),
    path("contests/<int:pk>/count/withdraw/", counting_views.ballot_withdraw, name="ballot_withdraw"),
]  # fmt: skip
