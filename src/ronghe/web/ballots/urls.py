"""Addresses below /ballots/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.ballots import views

urlpatterns = [
    path("", views.ballot_list, name="ballots"),
    path("new/", views.ballot_create, name="ballot_create"),
    path("<int:pk>/", views.ballot_detail, name="ballot_detail"),
    path("<int:pk>/vote/", views.ballot_vote, name="ballot_vote"),
    path("<int:pk>/close/", views.ballot_close, name="ballot_close"),
    path("<int:pk>/void/", views.ballot_void, name="ballot_void"),
    path("<int:pk>/papers/hand/", views.papers_hand, name="papers_hand"),
    path("<int:pk>/papers/<int:voter_pk>/back/", views.paper_back, name="paper_back"),
    path("<int:pk>/papers/tell/", views.papers_tell, name="papers_tell"),
    path("<int:pk>/papers/check/", views.papers_check, name="papers_check"),
]
