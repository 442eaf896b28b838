"""Addresses below /calendar/."""

from __future__ import annotations

from django.urls import path, re_path

from ronghe.web.calendars import feeds, moving, views

_MOVED = r"^(?P<kind>duty|activity)/(?P<pk>\d{1,18})"

urlpatterns = [
    path("", views.calendar, name="calendar"),
    re_path(rf"{_MOVED}/move/$", moving.calendar_move, name="calendar_move"),
    re_path(rf"{_MOVED}/move/back/$", moving.calendar_move_back, name="calendar_move_back"),
    path("feeds/", feeds.feed_list, name="calendar_feeds"),
    path("feeds/make/", feeds.feed_make, name="calendar_feed_make"),
    path("feeds/<int:pk>/revoke/", feeds.feed_revoke, name="calendar_feed_revoke"),
    re_path(r"^feed/(?P<secret>[0-9a-f]{32})\.ics$", feeds.calendar_feed, name="calendar_feed"),
]
