from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ronghe.ui"
    label = "ui"
