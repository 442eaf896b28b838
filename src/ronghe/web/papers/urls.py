"""Addresses below /papers/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.papers import views

urlpatterns = [
    path("", views.paper_list, name="papers"),
    path("export/", views.paper_export, name="paper_export"),
    path("new/", views.paper_create, name="paper_create"),
    path("<int:pk>/", views.paper_detail, name="paper_detail"),
    path("<int:pk>/issue/", views.paper_issue, name="paper_issue"),
    path("<int:pk>/withdraw/", views.paper_withdraw, name="paper_withdraw"),
    path("<int:pk>/discard/", views.paper_discard, name="paper_discard"),
    path("<int:pk>/receive/<int:recipient_pk>/", views.paper_receive, name="paper_receive"),
    path("<int:pk>/paper.<fileform:form>", views.paper_file, name="paper_file"),
]
