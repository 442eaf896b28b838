from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ronghe.web"
    label = "web"
