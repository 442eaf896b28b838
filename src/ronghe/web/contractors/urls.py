"""Addresses below /field/contractors/ and /field/gate/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.contractors import acts, gate_views, views, worker_acts

urlpatterns = [
    path("contractors/", views.contractors, name="contractors"),
    path("contractors/export/", views.contractors_export, name="contractors_export"),
    path("contractors/new/", acts.contractor_create, name="contractor_create"),
    path("contractors/<int:pk>/", views.contractor, name="contractor_detail"),
    path("contractors/<int:pk>/gate/", acts.gate_review, name="contractor_gate"),
    path("contractors/<int:pk>/files/<int:file>/", views.gate_file, name="contractor_file"),
    path("contractors/<int:pk>/agreement/", acts.agreement_note, name="contractor_agreement"),
    path("contractors/<int:pk>/admit/", acts.admit, name="contractor_admit"),
    path("contractors/<int:pk>/suspend/", acts.suspend, name="contractor_suspend"),
    path("contractors/<int:pk>/resume/", acts.resume, name="contractor_resume"),
    path("contractors/<int:pk>/list/", acts.blacklist, name="contractor_list"),
    path("contractors/<int:pk>/delist/", acts.delist, name="contractor_delist"),
    path("contractors/<int:pk>/leave/", acts.leave, name="contractor_leave"),
    path("contractors/<int:pk>/appeal/", acts.appeal, name="contractor_appeal"),
    path("contractors/appeals/<int:pk>/decide/", acts.appeal_decide, name="contractor_appeal_decide"),
    path("contractors/<int:pk>/check/", acts.check, name="contractor_check"),
    path("contractors/<int:pk>/workers/new/", worker_acts.worker_create, name="worker_create"),
    path("contractors/workers/", views.workers, name="workers"),
    path("contractors/workers/<int:pk>/", views.worker, name="worker_detail"),
    path("contractors/workers/<int:pk>/pass/", worker_acts.pass_issue, name="worker_pass"),
    path("contractors/workers/<int:pk>/end/", worker_acts.worker_end, name="worker_end"),
    path("contractors/passes/<int:pk>/revoke/", worker_acts.pass_revoke, name="pass_revoke"),
    path("gate/", gate_views.gate, name="gate"),
    path("gate/<int:pk>/log/", gate_views.gate_log, name="gate_log"),
    path("gate/<int:pk>/export/", gate_views.gate_export, name="gate_export"),
]
