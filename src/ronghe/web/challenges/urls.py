"""Addresses below /work/challenges/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.challenges import views

urlpatterns = [
    path("", views.challenges, name="challenges"),
    path("<int:pk>/terms/", views.terms_edit, name="challenge_terms"),
    path("<int:pk>/publish/", views.challenge_publish, name="challenge_publish"),
    path("<int:pk>/bid/", views.bid_create, name="challenge_bid"),
    path("<int:pk>/bids/<int:bid>/withdraw/", views.bid_withdraw, name="challenge_bid_withdraw"),
    path("<int:pk>/bids/<int:bid>/score/", views.bid_score, name="challenge_bid_score"),
    path("<int:pk>/bids/<int:bid>/select/", views.bid_select, name="challenge_bid_select"),
    path("<int:pk>/judge/", views.bidding_close, name="challenge_judge"),
    path("<int:pk>/panel/", views.panel_edit, name="challenge_panel"),
    path("<int:pk>/interests/", views.interests_declare, name="challenge_interests"),
    path("<int:pk>/repost/", views.challenge_repost, name="challenge_repost"),
    path("<int:pk>/pledge/", views.pledge_sign, name="challenge_pledge"),
    path("<int:pk>/milestones/<int:milestone>/reach/", views.milestone_reach, name="challenge_milestone_reach"),
    path("<int:pk>/milestones/<int:milestone>/check/", views.milestone_check, name="challenge_milestone_check"),
    path("<int:pk>/hand-in/", views.solution_hand_in, name="challenge_hand_in"),
    path("<int:pk>/pay/", views.reward_pay, name="challenge_pay"),
    path("<int:pk>/settle/", views.challenge_settle, name="challenge_settle"),
    path("<int:pk>/fail/", views.challenge_fail, name="challenge_fail"),
]
