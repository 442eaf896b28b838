"""Style sheets and scripts can be collected under hashed names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.templatetags.static import static

HASHED = {"staticfiles": {"BACKEND": "ronghe.ui.storage.HashedFiles"}}


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.DEBUG = False
    settings.STORAGES = {**settings.STORAGES, **HASHED}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


@pytest.mark.slow
def test_collected_files_have_hashed_names_and_the_same_text(collected):
    for name in ("ui/js/keys.js", "ui/css/components.css", "ui/icons.svg", "django_htmx/htmx-2.min.js"):
        address = static(name)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        hashed = collected / address.removeprefix(staticfiles_storage.base_url)
        assert hashed.read_bytes() == (collected / name).read_bytes()
