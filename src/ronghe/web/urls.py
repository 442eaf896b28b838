"""Addresses of the pages: plural nouns, acts as the last word."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from ronghe.web import home, session
from ronghe.web.search import search

app_name = "web"
urlpatterns = [
    path("", home.today, name="today"),
    path("me/", home.me, name="me"),
    path("search/", search, name="search"),
    path("login/", session.log_in, name="login"),
    path("logout/", session.log_out, name="logout"),
    path("org/structure/", include("ronghe.web.structure.urls")),
    path("org/elections/", include("ronghe.web.elections.urls")),
    path("org/members/", include("ronghe.web.members.urls")),
    path("org/floating/", include("ronghe.web.floating.urls")),
    path("org/pairing/", include("ronghe.web.pairing.urls")),
    path("org/contacts/", include("ronghe.web.contacts.urls")),
    path("org/regrouping/", include("ronghe.web.regrouping.urls")),
    path("org/grid/", include("ronghe.web.grid.urls")),
    path("org/", include("ronghe.web.org.urls")),
    path("administration/", include("ronghe.web.administration.urls")),
    path("obligations/", include("ronghe.web.obligations.urls")),
    path("appraisal/", include("ronghe.web.appraisal.urls")),
    path("", include("ronghe.web.cobuild.urls")),
    path("", include("ronghe.web.rhythm.urls")),
    path("", include("ronghe.web.work.urls")),
    path("language/", set_language, name="language"),
    path("password/", session.change_own_password, name="change_password"),
]
