"""Addresses below /agreements/."""

from __future__ import annotations

from django.urls import path, re_path

from ronghe.web.agreements import force_views, signing_views, text_views, views

urlpatterns = [
    path("", views.agreement_list, name="agreements"),
    path("export/", views.agreement_export, name="agreement_export"),
    path("new/", views.agreement_create, name="agreement_create"),
    path("partners/", views.agreement_partners, name="agreement_partners"),
    path("check/", views.agreement_check, name="agreement_check"),
    path("<int:pk>/", views.agreement_detail, name="agreement_detail"),
    path("<int:pk>/print/<str:form>/", views.agreement_print, name="agreement_print"),
    path("<int:pk>/verify/", views.agreement_verify, name="agreement_verify"),
    path("<int:pk>/edit/", text_views.agreement_edit, name="agreement_edit"),
    path("<int:pk>/versions/<int:number>/", text_views.agreement_version, name="agreement_version"),
    path("<int:pk>/comment/", text_views.agreement_comment, name="agreement_comment"),
    path(
        "<int:pk>/comments/<int:comment_id>/settle/", text_views.agreement_comment_settle,
        name="agreement_comment_settle",
    ),
    path("<int:pk>/consent/", text_views.agreement_consent, name="agreement_consent"),
    path("<int:pk>/consent/withdraw/", text_views.agreement_consent_withdraw, name="agreement_consent_withdraw"),
    path("<int:pk>/call-off/", text_views.agreement_call_off, name="agreement_call_off"),
    path("<int:pk>/sign/", signing_views.agreement_sign, name="agreement_sign"),
    path("<int:pk>/refuse/", signing_views.agreement_refuse, name="agreement_refuse"),
    path("<int:pk>/signer/", signing_views.agreement_authorize, name="agreement_authorize"),
    path(
        "<int:pk>/signer/<int:authorization>/withdraw/", signing_views.agreement_authorization_withdraw,
        name="agreement_authorization_withdraw",
    ),
    path("<int:pk>/goals/<int:goal>/", force_views.agreement_goal, name="agreement_goal"),
    path("<int:pk>/review/", force_views.agreement_review, name="agreement_review"),
    path("<int:pk>/supplement/", force_views.agreement_supplement, name="agreement_supplement"),
    path("<int:pk>/end/", force_views.agreement_end, name="agreement_end"),
    re_path(
        r"^(?P<pk>[0-9]{1,18})/endings/(?P<ending>[0-9]{1,18})/(?P<answer>agree|decline|withdraw)/$",
        force_views.agreement_ending_answer, name="agreement_ending_answer",
    ),
]  # fmt: skip
