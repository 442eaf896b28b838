"""Addresses below /alliances/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.alliances import difficulty_views, views

urlpatterns = [
    path("", views.alliance_list, name="alliances"),
    path("export/", views.alliance_export, name="alliance_export"),
    path("new/", views.alliance_create, name="alliance_create"),
    path("invitation/<str:secret>/", views.invitation, name="alliance_invitation"),
    path("<int:pk>/", views.alliance_detail, name="alliance_detail"),
    path("<int:pk>/partners/", views.partner_add, name="alliance_partner_add"),
    path("<int:pk>/partners/<int:partner>/withdraw/", views.partner_withdraw, name="alliance_partner_withdraw"),
    path("<int:pk>/partners/<int:partner>/invite/", views.partner_invite, name="alliance_partner_invite"),
    path("<int:pk>/partners/<int:partner>/revoke/", views.partner_revoke, name="alliance_partner_revoke"),
    path("<int:pk>/partners/<int:partner>/phone/", views.partner_phone, name="alliance_partner_phone"),
    path("<int:pk>/contacts/", views.contact_hold, name="alliance_contact_hold"),
    path("<int:pk>/contacts/<int:contact>.<fileform:form>", views.contact_paper, name="alliance_contact_paper"),
    path("contacts/<int:pk>/", views.contact_detail, name="alliance_contact"),
    path("<int:pk>/experts/", views.expert_add, name="alliance_expert_add"),
    path("<int:pk>/experts/<int:expert>/remove/", views.expert_remove, name="alliance_expert_remove"),
    path("<int:pk>/end/", views.alliance_end, name="alliance_end"),
    path("<int:pk>/raise/", difficulty_views.difficulty_raise, name="alliance_raise"),
    path("difficulties/<int:pk>/", difficulty_views.difficulty_detail, name="alliance_difficulty"),
    path("difficulties/<int:pk>/claim/<str:side>/", difficulty_views.difficulty_claim, name="alliance_claim"),
    path("difficulties/<int:pk>/owner/", difficulty_views.difficulty_owner, name="alliance_owner"),
    path("difficulties/<int:pk>/comment/", difficulty_views.difficulty_comment, name="alliance_comment"),
    path("difficulties/<int:pk>/progress/", difficulty_views.difficulty_progress, name="alliance_progress"),
    path("difficulties/<int:pk>/resolve/", difficulty_views.difficulty_resolve, name="alliance_resolve"),
    path("difficulties/<int:pk>/shelve/", difficulty_views.difficulty_shelve, name="alliance_shelve"),
    path("difficulties/<int:pk>/resume/", difficulty_views.difficulty_resume, name="alliance_resume"),
    path("difficulties/<int:pk>/withdraw/", difficulty_views.difficulty_withdraw, name="alliance_withdraw"),
    path("difficulties/<int:pk>/task/", difficulty_views.difficulty_task, name="alliance_task"),
]
