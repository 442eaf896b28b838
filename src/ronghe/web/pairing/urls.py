"""Addresses below /org/pairing/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.pairing import power_views, views

urlpatterns = [
    path("", views.pair_list, name="pairs"),
    path("new/", views.pair_create, name="pair_create"),
    path("<int:pk>/", views.pair_detail, name="pair_detail"),
    path("<int:pk>/appoint/", views.pair_appoint, name="pair_appoint"),
    path("<int:pk>/propose/", views.pair_propose, name="pair_propose"),
    path("<int:pk>/proposals/<int:proposal>/decline/", views.pair_decline, name="pair_decline"),
    path("<int:pk>/grant/", views.pair_grant, name="pair_grant"),
    path("<int:pk>/powers/<int:power>/withdraw/", views.pair_withdraw, name="pair_withdraw"),
    path("<int:pk>/list-power/", views.pair_list_power, name="pair_list_power"),
    path("<int:pk>/end/", views.pair_end, name="pair_end"),
    path("mine/", power_views.my_powers, name="my_powers"),
    path("powers/<int:pk>/use/", power_views.power_use, name="power_use"),
    path("powers/<int:pk>/all-here/", power_views.power_all_here, name="power_all_here"),
    path("uses/", power_views.use_list, name="power_uses"),
    path("uses/<int:pk>/", power_views.use_detail, name="power_use_detail"),
    path("uses/<int:pk>/adopt/", power_views.use_adopt, name="power_use_adopt"),
    path("uses/<int:pk>/return/", power_views.use_return, name="power_use_return"),
]
