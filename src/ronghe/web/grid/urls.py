"""Addresses below /org/grid/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
