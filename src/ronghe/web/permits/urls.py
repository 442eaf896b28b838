"""Addresses below /field/permits/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.permits import acts, clock_views, views

urlpatterns = [
    path("", views.permits, name="permits"),
    path("export/", views.permits_export, name="permits_export"),
    path("clock/", clock_views.permit_clocks, name="permit_clocks"),
    path("clock/export/", clock_views.permit_clocks_export, name="permit_clocks_export"),
    path("new/", views.permit_create, name="permit_create"),
    path("enter/<str:code>/", views.permit_enter, name="permit_enter"),
    path("here/<slug:code>/", views.site_enter, name="permit_site_enter"),
    path("sites/new/", views.site_create, name="permit_site_create"),
    path("sites/<int:pk>/", views.site_detail, name="permit_site"),
    path("sites/<int:pk>/wind/", acts.site_wind, name="permit_site_wind"),
    path("sites/<int:pk>/alarm/", acts.site_alarm, name="permit_site_alarm"),
    path("sites/<int:pk>/alarms/<int:notice>/clear/", acts.site_clear, name="permit_site_clear"),
    path("sites/<int:pk>/activity/", acts.site_activity, name="permit_site_activity"),
    path("sites/<int:pk>/activities/<int:activity>/end/", acts.site_end_activity, name="permit_site_end_activity"),
    path("sites/<int:pk>/offices/add/", acts.site_appoint, name="permit_site_appoint"),
    path("sites/<int:pk>/offices/<int:office>/end/", acts.site_end_office, name="permit_site_end_office"),
    path("sites/<int:pk>/number/", acts.site_number, name="permit_site_number"),
    path("sites/<int:pk>/baseline/", acts.site_baseline, name="permit_site_baseline"),
    path("sites/<int:pk>/code/", acts.site_renew_code, name="permit_site_code"),
    path("<int:pk>/", views.permit_detail, name="permit_detail"),
    path("<int:pk>/edit/", views.permit_edit, name="permit_edit"),
    path("<int:pk>/print/<fileform:form>/", views.permit_print, name="permit_print"),
    path("<int:pk>/code/", views.permit_show_code, name="permit_code"),
    path("<int:pk>/forget/", views.permit_forget_code, name="permit_forget"),
    path("<int:pk>/sign/", acts.permit_sign, name="permit_sign"),
    path("<int:pk>/stop/", acts.permit_stop, name="permit_stop"),
    path("<int:pk>/guardian/<slug:where>/", acts.permit_guardian, name="permit_guardian"),
    path("<int:pk>/reissue/", acts.permit_reissue, name="permit_reissue"),
    path("<int:pk>/extend/", acts.permit_extend, name="permit_extend"),
    path("<int:pk>/gas/", acts.permit_gas, name="permit_gas"),
    path("<int:pk>/measures/<int:measure>/", acts.permit_measure, name="permit_measure"),
    path("<int:pk>/isolations/<int:isolation>/<slug:act>/", acts.permit_isolation, name="permit_isolation"),
    path("<int:pk>/coordinator/", acts.permit_coordinator, name="permit_coordinator"),
    path("<int:pk>/hand/", acts.permit_hand, name="permit_hand"),
    path("<int:pk>/handovers/<int:handover>/<slug:act>/", acts.permit_take, name="permit_take"),
    path("<int:pk>/close/<slug:act>/", acts.permit_close, name="permit_close"),
    path("<int:pk>/<slug:act>/", acts.permit_plain, name="permit_act"),
]
