"""Prove that the migrations lead to the same tables as the models: columns, keys, indexes and constraints by name.

Two empty databases, one walked through every migration, one built in one stroke; SQLite in temporary files, PostgreSQL
beside the database named by RONGHE_DATABASE_URL. Exit code 1 where they differ.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Django draws every related model anew for each index and constraint that a migration adds; neither changes what other
# models look like, so here the one model is drawn alone. With more than a thousand of them it is most of the walk.
STEP_BY_STEP = """
from django.core.management import call_command
from django.db.migrations.state import ProjectState
def drawn_alone(state, app_label, model_name, option_name, added):
    model = state.models[app_label, model_name]
    model.options[option_name] = [*model.options[option_name], added]
    if "apps" in state.__dict__:
        state.apps.get_model(app_label, model_name)._meta.__dict__[option_name] = model.options[option_name]
ProjectState._append_option = drawn_alone
call_command("migrate", interactive=False, verbosity=0)
"""
AT_ONCE = "from ronghe.kernel.db.fresh import bring_up_to_date; assert bring_up_to_date()"
SHOW = """
from collections import defaultdict
from django.apps import apps
from django.db import connection
MODELS = defaultdict(list)
for model in apps.get_models():
    MODELS[model._meta.db_table].append(model)
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        if table.startswith("auth_"):
            continue  # Django's own, with keys of another size by its migrations; nothing of ours lies there
        for column in sorted(connection.introspection.get_table_description(cursor, table)):
            print(table, column.name, column.type_code, column.null_ok)
        for name, found in sorted(connection.introspection.get_constraints(cursor, table).items()):
            kinds = [kind for kind in ("primary_key", "unique", "index", "check", "foreign_key") if found[kind]]
            ours = any(name == one.name for model in MODELS.get(table, ()) for one in (*model._meta.constraints, *model._meta.indexes))
            print(table, name if ours else "", kinds, sorted(found["columns"]) if not ours else found["columns"])
    if connection.vendor == "sqlite":
        cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute("SELECT event_object_table, trigger_name FROM information_schema.triggers")
    for row in sorted(cursor.fetchall()):
        print("has", *row)
from django.db.migrations.recorder import MigrationRecorder
for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
    print("applied", app, name)
"""


def main() -> int:
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        for number, way in enumerate((STEP_BY_STEP, AT_ONCE)):
            home = Path(folder) / str(number)
            home.mkdir()
            database = f"ronghe_migrations_{number}" if "RONGHE_DATABASE_URL" in os.environ else ""
            environment = os.environ | {"RONGHE_HOME": str(home), "RONGHE_SECRET_KEY": "check"}
            environment["DJANGO_SETTINGS_MODULE"] = "ronghe.config.settings.base"
            if database:
                subprocess.run(["dropdb", "--if-exists", database], check=True)
                subprocess.run(
                    ["createdb", "-T", "template0", "-E", "UTF8", "--locale", "C.UTF-8", database], check=True
                )
                environment["RONGHE_DATABASE_URL"] = f"postgres:///{database}"
            run(way, environment)
            shown.append(run(SHOW, environment).splitlines())
            if database:
                subprocess.run(["dropdb", database], check=True)
    walked, built = map(set, shown)
    for line in sorted(walked ^ built):
        print("only by the migrations:" if line in walked else "only by the models:", line)
    print(f"{len(built)} lines compared")
    return int(walked != built)


def run(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"], env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
