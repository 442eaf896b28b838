"""Addresses below /honours/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.honours import banner_views, call_views, nomination_views, register_views

urlpatterns = [
    path("", register_views.honour_list, name="honours"),
    path("export/", register_views.honours_export, name="honours_export"),
    path("print.<fileform:form>", register_views.honours_print, name="honours_print"),
    path("new/", register_views.honour_create, name="honour_create"),
    path("import/", register_views.honours_import, name="honours_import"),
    path("titles/", register_views.title_list, name="honour_titles"),
    path("titles/new/", register_views.title_create, name="honour_title_create"),
    path("titles/take-over/", register_views.titles_take_over, name="honour_titles_take_over"),
    path("titles/<int:pk>/edit/", register_views.title_edit, name="honour_title_edit"),
    path("titles/<int:pk>/retire/", register_views.title_retire, name="honour_title_retire"),
    path("<int:pk>/", register_views.honour_detail, name="honour_detail"),
    path("<int:pk>/withdraw/", register_views.honour_withdraw, name="honour_withdraw"),
    path("<int:pk>/proof/", register_views.honour_proof, name="honour_proof"),
    path("<int:pk>/certificate.<fileform:form>", register_views.honour_certificate, name="honour_certificate"),
    path("calls/", call_views.call_list, name="honour_calls"),
    path("calls/new/", call_views.call_create, name="honour_call_create"),
    path("calls/<int:pk>/", call_views.call_detail, name="honour_call"),
    path("calls/<int:pk>/nominate/", call_views.call_nominate, name="honour_nominate"),
    path("calls/<int:pk>/vet/", call_views.call_vet, name="honour_call_vet"),
    path("calls/<int:pk>/vote/", call_views.call_open_vote, name="honour_call_vote"),
    path("calls/<int:pk>/count/", call_views.call_count, name="honour_call_count"),
    path("calls/<int:pk>/vote-again/", call_views.call_vote_again, name="honour_call_vote_again"),
    path("calls/<int:pk>/choose/", call_views.call_choose, name="honour_call_choose"),
    path("calls/<int:pk>/award/", call_views.call_award, name="honour_call_award"),
    path("calls/<int:pk>/call-off/", call_views.call_call_off, name="honour_call_off"),
    path("calls/<int:pk>/notice.<fileform:form>", call_views.call_notice, name="honour_notice"),
    path("nominations/<int:pk>/", nomination_views.nomination_detail, name="honour_nomination"),
    path("nominations/<int:pk>/withdraw/", nomination_views.nomination_withdraw, name="honour_nomination_withdraw"),
    path("nominations/<int:pk>/evidence/", nomination_views.nomination_evidence, name="honour_evidence"),
    path("nominations/<int:pk>/evidence/<int:evidence>/", nomination_views.evidence_file, name="honour_evidence_file"),
    path("nominations/<int:pk>/opinion/", nomination_views.nomination_opinion, name="honour_opinion"),
    path("nominations/<int:pk>/object/", nomination_views.nomination_object, name="honour_object"),
    path("objections/<int:pk>/answer/", nomination_views.objection_answer, name="honour_objection_answer"),
    path("banner/", banner_views.banner_board, name="banner"),
    path("banner/new/", banner_views.round_create, name="banner_create"),
    path("banner/<int:pk>/", banner_views.round_detail, name="banner_round"),
    path("banner/<int:pk>/count/", banner_views.round_count, name="banner_count"),
    path("banner/<int:pk>/settle/", banner_views.round_settle, name="banner_settle"),
    path("banner/<int:pk>/call-off/", banner_views.round_call_off, name="banner_call_off"),
]
