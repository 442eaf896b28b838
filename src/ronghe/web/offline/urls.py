"""Addresses below /offline/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.offline import shell, views

urlpatterns = [
    path("", shell.app, name="offline"),
    path("sw.js", shell.worker, name="offline_worker"),
    path("app.webmanifest", shell.manifest, name="offline_manifest"),
    path("icon-<int:size>.png", shell.icon, name="offline_icon"),
    path("ronghe-ca.crt", shell.authority, name="offline_authority"),
    path("devices/", views.device_list, name="offline_devices"),
    path("devices/<int:pk>/revoke/", views.device_revoke, name="offline_device_revoke"),
    path("acts/", views.act_list, name="offline_acts"),
    path("acts/<int:pk>/redo/", views.act_redo, name="offline_act_redo"),
    path("acts/<int:pk>/join/", views.act_join, name="offline_act_join"),
    path("acts/<int:pk>/choose/", views.act_choose, name="offline_act_choose"),
    path("acts/<int:pk>/void/", views.act_void, name="offline_act_void"),
]
