"""Addresses below /rhythm/site-meetings/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.sitemeetings import acts, views

urlpatterns = [
    path("", views.chain_list, name="site_meetings"),
    path("export/", views.chain_export, name="site_chain_export"),
    path("new/", views.chain_create, name="site_chain_create"),
    path("enter/<str:code>/", views.chain_enter, name="site_chain_enter"),
    path("<int:pk>/", views.chain_detail, name="site_chain"),
    path("<int:pk>/code/", views.chain_show_code, name="site_chain_code"),
    path("<int:pk>/card/", acts.chain_card, name="site_chain_card"),
    path("<int:pk>/record.<fileform:form>", views.chain_record, name="site_chain_record"),
    path("<int:pk>/sign-late/", acts.chain_sign_late, name="site_chain_sign_late"),
    path("<int:pk>/came/", acts.person_came, name="site_chain_came"),
    path("<int:pk>/left/", acts.person_left, name="site_chain_left"),
    path("<int:pk>/brief/", acts.person_brief, name="site_chain_brief"),
    path("<int:pk>/settle/", acts.minds_settle, name="site_chain_settle"),
    path("<int:pk>/mind/", acts.mind_set, name="site_chain_mind"),
    path("<int:pk>/talks/<int:row>/", acts.talk_hold, name="site_chain_talk"),
    path("<int:pk>/off/", acts.chain_off, name="site_chain_off"),
    path("<int:pk>/<slug:meeting>/text/", acts.meeting_text, name="site_meeting_text"),
    path("<int:pk>/<slug:meeting>/open/", acts.meeting_open, name="site_meeting_open"),
    path("<int:pk>/<slug:meeting>/close/", acts.meeting_close, name="site_meeting_close"),
    path("<int:pk>/<slug:meeting>/check/", acts.meeting_check, name="site_meeting_check"),
    path("<int:pk>/<slug:meeting>/undo/", acts.meeting_undo, name="site_meeting_undo"),
    path("<int:pk>/<slug:meeting>/sign/", acts.meeting_sign, name="site_meeting_sign"),
]
