"""Addresses below /field/qualifications/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.qualifications import acts, views

urlpatterns = [
    path("", views.certificates, name="qualifications"),
    path("export/", views.certificates_export, name="certificates_export"),
    path("import/", acts.certificates_import, name="certificates_import"),
    path("check/", views.check, name="qualification_check"),
    path("lessons/new/", acts.class_note, name="qualification_class"),
    path("lessons/<int:pk>/withdraw/", acts.lesson_withdraw, name="lesson_withdraw"),
    path("people/<int:pk>/", views.person, name="qualification_person"),
    path("people/<int:pk>/certificates/new/", acts.certificate_create, name="certificate_create"),
    path("people/<int:pk>/lessons/new/", acts.lesson_note, name="lesson_create"),
    path("people/<int:pk>/breaks/new/", acts.break_note, name="break_create"),
    path("people/<int:pk>/violations/new/", acts.violation_note, name="violation_create"),
    path("people/<int:pk>/health/new/", acts.health_note, name="health_create"),
    path("health/<int:pk>/open/", acts.health_open, name="health_open"),
    path("health/<int:pk>/lift/", acts.health_lift, name="health_lift"),
    path("<int:pk>/", views.certificate, name="certificate_detail"),
    path("<int:pk>/number/", acts.number_open, name="certificate_number"),
    path("<int:pk>/review/", acts.certificate_review, name="certificate_review"),
    path("<int:pk>/practice/", acts.certificate_practice, name="certificate_practice"),
    path("<int:pk>/withdraw/", acts.certificate_withdraw, name="certificate_withdraw"),
]
