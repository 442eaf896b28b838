"""Addresses below /playbooks/. A playbook's own address is its id, which has no hyphen and no number."""

from __future__ import annotations

from django.urls import path

from ronghe.web.playbooks import adopt_views, compare_views, document_views, draft_views, views

urlpatterns = [
    path("", views.playbook_list, name="playbooks"),
    path("compare/", compare_views.playbook_compare, name="playbook_compare"),
    path("compare/export/", compare_views.playbook_compare_export, name="playbook_compare_export"),
    path("adoptions/", adopt_views.adoption_list, name="adoptions"),
    path("adoptions/export/", adopt_views.adoption_export, name="adoption_export"),
    path("adoptions/<int:pk>/", adopt_views.adoption_detail, name="adoption_detail"),
    path("adoptions/<int:pk>/upgrade/", adopt_views.adoption_upgrade, name="adoption_upgrade"),
    path("adoptions/<int:pk>/end/", adopt_views.adoption_end, name="adoption_end"),
    path("batches/<int:pk>/", adopt_views.batch_detail, name="adoption_batch"),
    path("documents/", document_views.document_list, name="governing_documents"),
    path("documents/new/", document_views.document_register, name="governing_document_register"),
    path("documents/<int:pk>/", document_views.document_detail, name="governing_document"),
    path("documents/checks/<int:pk>/", document_views.check_settle, name="governing_check"),
    path("drafts/", draft_views.draft_list, name="playbook_drafts"),
    path("drafts/new/", draft_views.draft_begin, name="playbook_draft_begin"),
    path("drafts/practice/<int:body>/", draft_views.practice, name="playbook_practice"),
    path("drafts/<int:pk>/", draft_views.draft_edit, name="playbook_draft"),
    path("drafts/<int:pk>/live/", draft_views.draft_live, name="playbook_draft_live"),
    path("drafts/<int:pk>/file/", draft_views.draft_file, name="playbook_draft_file"),
    path("drafts/<int:pk>/texts/<int:number>/", draft_views.draft_text, name="playbook_draft_text"),
    path("drafts/<int:pk>/texts/<int:number>/restore/", draft_views.draft_restore, name="playbook_draft_restore"),
    path("drafts/<int:pk>/put-forward/", draft_views.draft_put_forward, name="playbook_draft_put_forward"),
    path("drafts/<int:pk>/discard/", draft_views.draft_discard, name="playbook_draft_discard"),
    path("drafts/<int:pk>/take-back/", draft_views.draft_take_back, name="playbook_draft_take_back"),
    path("<str:playbook_id>/", views.playbook_detail, name="playbook_detail"),
    path("<str:playbook_id>/file/", views.playbook_file, name="playbook_file"),
    path("<str:playbook_id>/adopt/", adopt_views.adopt_many, name="playbook_adopt_many"),
]
