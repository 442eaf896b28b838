"""Addresses below /rhythm/, and the short one that the sign-in code holds."""

from __future__ import annotations

from django.urls import path, register_converter

from ronghe.web.rhythm import views


class FileForm:
    """The forms in which a document can be had; any other address is no page."""

    regex = "docx|pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileForm, "fileform")

urlpatterns = [
    path("rhythm/activities/", views.activity_list, name="huddles"),
    path("rhythm/activities/new/", views.activity_create, name="activity_create"),
    path("rhythm/huddles/open/", views.huddle_open, name="huddle_open"),
    path("rhythm/activities/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("rhythm/activities/<int:pk>/open/", views.activity_open, name="activity_open"),
    path("rhythm/activities/<int:pk>/code/", views.activity_code, name="activity_code"),
    path("rhythm/activities/<int:pk>/card/", views.activity_card, name="activity_card"),
    path("rhythm/activities/<int:pk>/tick/", views.activity_tick, name="activity_tick"),
    path(
        "rhythm/activities/<int:pk>/tick/<int:attendance_pk>/withdraw/", views.activity_untick, name="activity_untick"
    ),
    path("rhythm/activities/<int:pk>/leave/", views.activity_leave, name="activity_leave"),
    path("rhythm/activities/<int:pk>/topics/add/", views.topic_add, name="topic_add"),
    path("rhythm/activities/<int:pk>/photos/add/", views.activity_photo, name="activity_photo"),
    path("rhythm/activities/<int:pk>/close/", views.activity_close, name="activity_close"),
    path("rhythm/activities/<int:pk>/correct/", views.activity_correct, name="activity_correct"),
    path("rhythm/activities/<int:pk>/record.<fileform:form>", views.activity_record, name="activity_record"),
    path("rhythm/activities/<int:pk>/summary.<fileform:form>", views.activity_summary, name="activity_summary"),
    path("scan/", views.scan, name="scan"),
    path("s/<str:code>/", views.sign_in, name="sign_in"),
]
