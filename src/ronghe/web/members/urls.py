"""Addresses below /org/members/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.members import people_views, placing_views, record_views, skill_views

urlpatterns = [
    path("people/<int:pk>/status/", people_views.status_change, name="person_status"),
    path("people/<int:pk>/bar/", people_views.voting_bar_create, name="voting_bar_create"),
    path("bars/<int:pk>/end/", people_views.voting_bar_end, name="voting_bar_end"),
    path("people/<int:pk>/home/", people_views.home_change, name="person_home"),
    path("people/<int:pk>/join/", people_views.participation_create, name="person_join"),
    path("memberships/<int:pk>/leave/", people_views.membership_leave, name="membership_leave"),
    path("memberships/<int:pk>/group/", people_views.membership_group, name="membership_group"),
    path("people/<int:pk>/skill/", people_views.skill_create, name="skill_create"),
    path("skills/<int:pk>/confirm/", people_views.skill_confirm, name="skill_confirm"),
    path("skills/<int:pk>/refuse/", people_views.skill_refuse, name="skill_refuse"),
    path("skills/<int:pk>/end/", people_views.skill_end, name="skill_end"),
    path("people/<int:pk>/mentor/", people_views.mentor_create, name="mentor_create"),
    path("mentors/<int:pk>/end/", people_views.mentor_end, name="mentor_end"),
    path("skills/", skill_views.person_skills, name="person_skills"),
    path("skills/export/", skill_views.skills_export, name="skills_export"),
    path("skills/import/", skill_views.skills_import, name="skills_import"),
    path("broad/", skill_views.broad_list, name="broad_names"),
    path("broad/<int:pk>/drop/", skill_views.broad_drop, name="broad_name_drop"),
    path("broad/units/<int:pk>/export/", skill_views.broad_export, name="broad_names_export"),
    path("broad/units/<int:pk>/import/", skill_views.broad_import, name="broad_names_import"),
    path("unplaced/", placing_views.unplaced, name="unplaced"),
    path("place/", placing_views.place_people, name="place_people"),
    path("placements/<int:pk>/", placing_views.placement_detail, name="placement_detail"),
    path("placements/<int:pk>/undo/", placing_views.placement_undo, name="placement_undo"),
    path("corrections/", record_views.correction_list, name="corrections"),
    path("corrections/new/", record_views.correction_create, name="correction_create"),
    path("corrections/<int:pk>/", record_views.correction_detail, name="correction_detail"),
    path("corrections/<int:pk>/open/", record_views.correction_open, name="correction_open"),
    path("corrections/<int:pk>/accept/", record_views.correction_accept, name="correction_accept"),
    path("corrections/<int:pk>/refuse/", record_views.correction_refuse, name="correction_refuse"),
    path("corrections/<int:pk>/withdraw/", record_views.correction_withdraw, name="correction_withdraw"),
    path("card/", record_views.card_own, name="member_card"),
    path("card/consent/", record_views.card_consent, name="member_card_consent"),
    path("card/<str:code>/", record_views.card_check, name="member_card_check"),
]
