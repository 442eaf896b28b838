"""Addresses of the pages: plural nouns, acts as the last word."""

from __future__ import annotations

from django.urls import include, path

from ronghe.web import home, session

app_name = "web"
urlpatterns = [
    path("", home.today, name="today"),
    path("login/", session.log_in, name="login"),
    path("logout/", session.log_out, name="logout"),
    path("org/", include("ronghe.web.org.urls")),
    path("password/", session.change_own_password, name="change_password"),
]
