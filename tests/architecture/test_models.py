"""Tables: named constraints, words for their rows, no back doors."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from ronghe.kernel.db.tree import TreeLink
from tests.architecture.sources import ROOT, modules, shown

OURS = [model for model in apps.get_models() if model.__module__.startswith("ronghe.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_row_says_what_it_is(model):
    inherited = {
        models.Model.__str__,
        *(base.__str__ for base in model.__mro__ if base.__module__.startswith("django")),
    }

    assert model.__str__ not in inherited or issubclass(model, TreeLink)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_constraints_and_indexes_have_names_of_their_subject(model):
    """A name made up by the database helps nobody who reads the refusal."""
    names = [thing.name for thing in (*model._meta.constraints, *model._meta.indexes)]

    assert [name for name in names if not name.startswith(f"{model._meta.app_label}_")] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_table_is_named_and_orders_nothing_by_itself(model):
    assert model._meta.db_table.startswith(f"{model._meta.app_label}_")
    assert model._meta.ordering == []
    assert model._meta.unique_together == ()


def test_nothing_points_at_the_facts():
    """So that the table can be partitioned by month."""
    fact = apps.get_model("kernel.Fact")

    assert [field for model in OURS for field in model._meta.fields if field.related_model is fact] == []
    assert fact._meta.db_table == "kernel_fact"


def test_there_is_no_admin_and_no_superuser():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    back_doors = ("is_superuser", "is_staff", "createsuperuser", "django.contrib.admin")

    found = [shown(path) for path in modules() for word in back_doors if word in path.read_text(encoding="utf-8")]

    assert found == []


def test_no_migration_is_missing():
    """In a process of its own, because a local test run switches migrations off."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ronghe.config.settings.test"}
    environment.pop("RONGHE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"], cwd=ROOT, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
