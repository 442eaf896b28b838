"""Addresses below /org/contacts/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.contacts import mass_views, views

urlpatterns = [
    path("", views.contact_list, name="contacts"),
    path("export/", views.contact_export, name="contact_export"),
    path("new/", views.contact_create, name="contact_create"),
    path("gaps/", views.contact_gaps, name="contact_gaps"),
    path("<int:pk>/", views.contact_detail, name="contact_detail"),
    path("<int:pk>/handover/", views.contact_handover, name="contact_handover"),
    path("<int:pk>/end/", views.contact_end, name="contact_end"),
    path("mass/", mass_views.mass, name="mass"),
    path("mass/<int:pk>/", mass_views.mass_body, name="mass_body"),
    path("mass/<int:pk>/enrol/", mass_views.mass_enrol, name="mass_enrol"),
]
