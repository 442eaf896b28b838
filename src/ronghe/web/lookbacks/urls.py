"""Addresses below /work/lookbacks/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.items.presenting import PANELS
from ronghe.web.lookbacks import session_views, views
from ronghe.web.lookbacks.presenting import panel

PANELS["lookback"] = ("lookbacks/_panel.html", panel)

urlpatterns = [
    path("", views.lookbacks, name="lookbacks"),
    path("recurring/", views.look_recurring, name="look_recurring"),
    path("<int:pk>/analysis/", views.look_analysis, name="look_analysis"),
    path("<int:pk>/measures/", views.look_measure, name="look_measure"),
    path("<int:pk>/begin/", views.look_begin, name="look_begin"),
    path("<int:pk>/submit/", views.look_submit, name="look_submit"),
    path("<int:pk>/recur/", views.look_recur, name="look_recur"),
    path("<int:pk>/join/", views.look_join, name="look_join"),
    path("sessions/", session_views.look_sessions, name="look_sessions"),
    path("sessions/export/", session_views.look_sessions_export, name="look_sessions_export"),
    path("sessions/new/", session_views.look_session_new, name="look_session_new"),
    path("sessions/<int:pk>/", session_views.look_session, name="look_session"),
    path("sessions/<int:pk>/pick/", session_views.look_session_pick, name="look_session_pick"),
    path("sessions/<int:pk>/findings/<int:finding>/drop/", session_views.look_session_drop, name="look_session_drop"),
    path("sessions/<int:pk>/close/", session_views.look_session_close, name="look_session_close"),
    path("sessions/<int:pk>/reopen/", session_views.look_session_reopen, name="look_session_reopen"),
    path("sessions/<int:pk>/print/<fileform:form>/", session_views.look_session_print, name="look_session_print"),
]
