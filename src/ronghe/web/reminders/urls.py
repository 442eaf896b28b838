"""Addresses below /reminders/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.reminders import views

urlpatterns = [
    path("", views.reminders, name="reminders"),
    path("read/", views.reminder_read_all, name="reminder_read_all"),
    path("settings/", views.reminder_settings, name="reminder_settings"),
    path("<int:pk>/read/", views.reminder_read, name="reminder_read"),
    path("<int:pk>/unread/", views.reminder_unread, name="reminder_unread"),
    path("<int:pk>/snooze/", views.reminder_snooze, name="reminder_snooze"),
]
