"""Settings of the test run: its own home, fast password hashing, everything else as in service."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["RONGHE_HOME"] = tempfile.mkdtemp(prefix="ronghe-test-")
atexit.register(shutil.rmtree, os.environ["RONGHE_HOME"], ignore_errors=True)

from ronghe.config.settings.base import *
from ronghe.config.settings.base import DATABASES, HOME, STATIC_ROOT, TEMPLATES, env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
STATIC_ROOT.mkdir()
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]


class UndefinedVariable(str):
    """Makes a misspelt template variable an error instead of an empty place."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: object) -> str:
        message = f"undefined template variable: {name}"
        raise NameError(message)


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")  # type: ignore[index]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since a database in memory has other locks than the one in service; nothing of it need survive a crash.
    DATABASES["default"]["TEST"] = {
        "NAME": env.str("RONGHE_TEST_DATABASE", default="") or str(HOME.root / "test.sqlite3")
    }
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"  # type: ignore[index]
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # type: ignore[index]
