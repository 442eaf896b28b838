"""Addresses below /org/floating/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.floating import views

urlpatterns = [
    path("", views.stay_list, name="floating"),
    path("found/", views.stays_found, name="floating_found"),
    path("new/", views.stay_create, name="floating_create"),
    path("away/", views.away_list, name="floating_away"),
    path("away/new/", views.away_create, name="floating_away_create"),
    path("branches/<int:pk>/sides/", views.sides_create, name="floating_sides"),
    path("<int:pk>/", views.stay_detail, name="floating_detail"),
    path("<int:pk>/verify/", views.stay_verify, name="floating_verify"),
    path("<int:pk>/attach/", views.stay_attach, name="floating_attach"),
    path("<int:pk>/inform/", views.stay_inform, name="floating_inform"),
    path("<int:pk>/acknowledge/", views.stay_acknowledge, name="floating_acknowledge"),
    path("<int:pk>/contact/", views.stay_contact, name="floating_contact"),
    path("<int:pk>/end/", views.stay_end, name="floating_end"),
    path("<int:pk>/take-slip/", views.slip_acknowledge, name="floating_take_slip"),
    path("<int:pk>/dismiss/", views.stay_dismiss, name="floating_dismiss"),
    path("<int:pk>/<str:paper>.<str:form>", views.stay_paper, name="floating_paper"),
]
