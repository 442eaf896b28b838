"""Addresses below /pools/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.pools import mood_views, views

urlpatterns = [
    path("", views.item_list, name="pools"),
    path("export/", views.balance_export, name="pool_export"),
    path("balance/", views.balance, name="pool_balance"),
    path("new/", views.item_offer, name="pool_offer"),
    path("<int:pk>/", views.item_detail, name="pool_item"),
    path("<int:pk>/book/", views.item_book, name="pool_book"),
    path("<int:pk>/close/", views.item_close, name="pool_close"),
    path("<int:pk>/withdraw/", views.item_withdraw, name="pool_withdraw"),
    path("bookings/<int:pk>/<str:step>/", views.booking_settle, name="pool_booking"),
    path("moods/", mood_views.mood_list, name="moods"),
    path("moods/new/", mood_views.mood_note, name="mood_note"),
    path("moods/<int:pk>/", mood_views.mood_detail, name="mood_detail"),
    path("moods/<int:pk>/read/", mood_views.mood_read, name="mood_read"),
    path("moods/follow-ups/<int:pk>/done/", mood_views.follow_up_done, name="mood_follow_up_done"),
]
