"""Addresses below /work/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.work import views

urlpatterns = [
    path("work/tasks/", views.task_list, name="tasks"),
    path("work/tasks/new/", views.task_create, name="task_create"),
    path("work/tasks/export/", views.task_export, name="task_export"),
    path("work/people/choices/", views.person_choices, name="person_choices"),
    path("work/tasks/<int:pk>/", views.task_detail, name="task_detail"),
    path("work/tasks/<int:pk>/submit/", views.task_submit, name="task_submit"),
    path("work/tasks/<int:pk>/accept/", views.task_accept, name="task_accept"),
    path("work/tasks/<int:pk>/return/", views.task_return, name="task_return"),
    path("work/tasks/<int:pk>/cancel/", views.task_cancel, name="task_cancel"),
    path("files/<str:sha256>/", views.stored_file, name="stored_file"),
]
