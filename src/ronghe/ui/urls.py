from django.urls import path

from ronghe.ui import gallery

app_name = "ui"
urlpatterns = [
    path("gallery/", gallery.page, name="gallery"),
]
