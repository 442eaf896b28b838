"""Addresses below /today/; the list itself is the first page."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from ronghe.web.today import load_views, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="web:today", query_string=True), name="my_day"),
    path("sheet.<fileform:form>", views.day_sheet, name="day_sheet"),
    path("load/", load_views.load, name="load"),
    path("load/export/", load_views.load_export, name="load_export"),
    path("load/<int:pk>/", load_views.load_of_person, name="load_of_person"),
    path("<slug:inbox>/<int:record>/do/<slug:act>/", views.day_do, name="day_do"),
    path("<slug:inbox>/<int:record>/later/<slug:until>/", views.day_put_off, name="day_put_off"),
    path("<slug:inbox>/<int:record>/back/", views.day_bring_back, name="day_bring_back"),
]
