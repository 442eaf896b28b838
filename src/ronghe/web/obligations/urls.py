"""Addresses below /obligations/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.obligations import acting, asking, behind, views

urlpatterns = [
    path("", views.obligation_list, name="obligations"),
    path("export/", views.obligation_export, name="obligation_export"),
    path("behind/", behind.behind, name="behind"),
    path("behind/export/", behind.behind_export, name="behind_export"),
    path("bodies/<int:body_pk>/", views.obligation_bars, name="obligation_bars"),
    path("waivers/", asking.waiver_requests, name="waiver_requests"),
    path("waivers/ask/", asking.waiver_ask, name="waiver_ask"),
    path("waivers/<int:pk>/", asking.waiver_request, name="waiver_request"),
    path("waivers/<int:pk>/answer/", asking.waiver_answer, name="waiver_answer"),
    path("waivers/<int:pk>/take-back/", asking.waiver_take_back, name="waiver_take_back"),
    path("<int:pk>/", views.obligation_detail, name="obligation_detail"),
    path("<int:pk>/waive/", acting.obligation_waive, name="obligation_waive"),
    path("<int:pk>/waive/withdraw/", acting.obligation_unwaive, name="obligation_unwaive"),
    path("<int:pk>/ask/", acting.obligation_ask, name="obligation_ask"),
    path("<int:pk>/move/", acting.obligation_move, name="obligation_move"),
    path("<int:pk>/move/back/", acting.obligation_move_back, name="obligation_move_back"),
]
