"""Addresses below /work/items/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.items import views

urlpatterns = [
    path("", views.items, name="items"),
    path("mine/", views.items_mine, name="items_mine"),
    path("waiting/", views.items_waiting, name="items_waiting"),
    path("export/", views.item_export, name="item_export"),
    path("export/<slug:kind>/", views.item_export, name="item_kind_export"),
    path("new/<slug:kind>/", views.item_create, name="item_create"),
    path("<int:pk>/", views.item_detail, name="item_detail"),
    path("<int:pk>/steps/<slug:step>/", views.item_step, name="item_step"),
    path("<int:pk>/notes/", views.item_note, name="item_note"),
    path("<int:pk>/change/", views.item_change, name="item_change"),
    path("<int:pk>/people/", views.item_join, name="item_join"),
    path("<int:pk>/people/<int:person>/leave/", views.item_leave, name="item_leave"),
]
