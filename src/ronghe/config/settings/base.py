"""Settings, read from the environment once, with defaults that work out of the box on SQLite."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import environ

from ronghe.kernel.home import Home
from ronghe.kernel.words import LOCALE_DIR

env = environ.Env()

HOME = Home.from_environment()
PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = False
SECRET_KEY = env.str("RONGHE_SECRET_KEY", default="") or HOME.secret("secret_key")
ALLOWED_HOSTS = env.list("RONGHE_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("RONGHE_ORIGINS", default=[])
ADDRESS = env.str("RONGHE_ADDRESS", default="")
"""Where others reach this platform (`https://ronghe.example`): printed on papers that no page asked for."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "ronghe.kernel",
    "ronghe.domain.org",
    "ronghe.domain.structure",
    "ronghe.domain.elections",
    "ronghe.domain.members",
    "ronghe.domain.floating",
    "ronghe.domain.pairing",
    "ronghe.domain.contacts",
    "ronghe.domain.projects",
    "ronghe.domain.ballots",
    "ronghe.domain.qualifications",
    "ronghe.domain.regrouping",
    "ronghe.domain.playbooks",
    "ronghe.domain.agreements",
    "ronghe.domain.zones",
    "ronghe.domain.taskforces",
    "ronghe.domain.contractors",
    "ronghe.domain.pools",
    "ronghe.domain.obligations",
    "ronghe.domain.work",
    "ronghe.domain.items",
    "ronghe.domain.rhythm",
    "ronghe.domain.schedule",
    "ronghe.domain.grid",
    "ronghe.domain.alliances",
    "ronghe.domain.sitemeetings",
    "ronghe.domain.decisions",
    "ronghe.domain.hearings",
    "ronghe.domain.honours",
    "ronghe.domain.contests",
    "ronghe.domain.shows",
    "ronghe.domain.partylife",
    "ronghe.domain.exchange",
    "ronghe.domain.campaigns",
    "ronghe.domain.planning",
    "ronghe.domain.orglife",
    "ronghe.domain.risks",
    "ronghe.domain.claims",
    "ronghe.domain.merits",
    "ronghe.domain.lookbacks",
    "ronghe.domain.inspections",
    "ronghe.domain.benefits",
    "ronghe.domain.needs",
    "ronghe.domain.surveys",
    "ronghe.domain.challenges",
    "ronghe.domain.clinic",
    "ronghe.domain.carriers",
    "ronghe.domain.permits",
    "ronghe.domain.control",
    "ronghe.domain.duties",
    "ronghe.domain.hazards",
    "ronghe.domain.incidents",
    "ronghe.domain.papers",
    "ronghe.domain.rollouts",
    "ronghe.domain.calendars",
    "ronghe.domain.reminders",
    "ronghe.domain.offline",
    "ronghe.domain.today",
    "ronghe.domain.appraisal",
    "ronghe.ui",
    "ronghe.web",
]
INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("ronghe.") or (PACKAGE.parent / app.replace(".", "/")).is_dir()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ronghe.web.middleware.CleanText",
    "ronghe.web.middleware.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "ronghe.web.middleware.RequestSize",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ronghe.web.middleware.SessionLimits",
    "ronghe.web.middleware.AdministratorsApart",
    "ronghe.web.alliances.apart.PartnersApart",
    "ronghe.web.middleware.DomainErrors",
]

ROOT_URLCONF = "ronghe.config.urls"
WSGI_APPLICATION = "ronghe.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ronghe.web.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.i18n"],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "ronghe.ui.forms.Renderer"

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=268435456;PRAGMA cache_size=-65536;"
    "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;PRAGMA foreign_keys=ON"
)


def database(url: str) -> dict[str, object]:
    """Return Django's settings for one database URL: SQLite tuned for many writers, or PostgreSQL."""
    parsed: dict[str, object] = environ.Env.db_url_config(url)
    if "sqlite" in str(parsed["ENGINE"]):
        parsed["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS}
    parsed["CONN_MAX_AGE"] = None
    return parsed


DATABASES = {"default": database(env.str("RONGHE_DATABASE_URL", default="") or f"sqlite:///{HOME.database}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = ["ronghe.kernel.access.login.LockingBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "web:login"

# SE-01: the standard names no figures; these are the platform's, and a unit may tighten them.
LOGIN_FAILURES_BEFORE_LOCK = env.int("RONGHE_LOGIN_FAILURES", default=5)
LOGIN_LOCK = timedelta(minutes=env.int("RONGHE_LOGIN_LOCK_MINUTES", default=30))
PASSWORD_MIN_LENGTH = env.int("RONGHE_PASSWORD_MIN_LENGTH", default=8)
PASSWORD_CLASSES = env.int("RONGHE_PASSWORD_CLASSES", default=3)
PASSWORD_HISTORY = env.int("RONGHE_PASSWORD_HISTORY", default=5)
PASSWORD_MAX_AGE = timedelta(days=env.int("RONGHE_PASSWORD_DAYS", default=90))
SESSION_IDLE = timedelta(minutes=env.int("RONGHE_IDLE_MINUTES", default=30))
SESSION_IDLE_ADMINISTRATOR = timedelta(minutes=env.int("RONGHE_ADMIN_IDLE_MINUTES", default=15))

TOKEN_MAX_AGE = timedelta(days=env.int("RONGHE_TOKEN_DAYS", default=90))

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
_SECURE = env.bool("RONGHE_HTTPS", default=False)
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
# A certificate that this installation signed itself must be replaceable: a browser that remembers would lock us out.
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE and env.bool("RONGHE_HSTS", default=True) else 0
SECURE_SSL_REDIRECT = _SECURE
# A unit's other hosts below the same name, and the browsers' preload list, are not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [LOCALE_DIR]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME.root / "static"
"""`ronghe serve` collects hashed and compressed files here; until then the finders serve the plain ones."""
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME.files},
    },
    "staticfiles": {"BACKEND": "ronghe.ui.storage.HashedFiles"},
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_AUTOREFRESH = False
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# One request: the largest roster, or a dozen photos as phones take them. What says that it is larger is not read at all.
REQUEST_MAX_BYTES = env.int("RONGHE_REQUEST_MB", default=200) * 1_048_576

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": env.str("RONGHE_LOG_LEVEL", default="WARNING")},
}

# The unit's own book of certificates, training and what work asks of people; the shipped one where none is named.
QUALIFICATIONS_BOOK = env.str("RONGHE_QUALIFICATIONS", default="")

# Evidence: what a phone's photo needs, with room; the place and camera in it are taken out unless a unit says otherwise.
EVIDENCE_MAX_BYTES = env.int("RONGHE_EVIDENCE_MB", default=20) * 1_048_576
EVIDENCE_MAX_PIXELS = env.int("RONGHE_EVIDENCE_MEGAPIXELS", default=64) * 1_000_000
EVIDENCE_LONG_SIDE = env.int("RONGHE_EVIDENCE_LONG_SIDE", default=2560)
EVIDENCE_KEEPS_EXIF = env.bool("RONGHE_EVIDENCE_KEEPS_EXIF", default=False)

# The sign-in code on the lead's screen changes this often; it is good for as long again after it left the screen.
SIGN_IN_CODE_SECONDS = env.int("RONGHE_SIGN_IN_CODE_SECONDS", default=60)

# What phones did without signal is taken in for so many days after it was done.
OFFLINE_DAYS = env.int("RONGHE_OFFLINE_DAYS", default=7)

# Figures of terms and elections that this unit changes: names and fractions of domain/elections/calc/figures.py, such as
# `quorum=4/5,quorum_is_strict=true`.
ELECTION_FIGURES = env.dict("RONGHE_ELECTION_FIGURES", default={})

# Until when 今日 puts a thing off that is to be done before the end of the working day (local time).
WORKING_DAY_ENDS = env.str("RONGHE_WORKING_DAY_ENDS", default="16:30")

# Reminders also go out by mail where the unit names a server (`smtp+tls://user:password@host:587`) and a sender.
if _MAIL := env.str("RONGHE_MAIL_URL", default=""):
    vars().update(environ.Env.email_url_config(_MAIL))
    DEFAULT_FROM_EMAIL = env.str("RONGHE_MAIL_FROM")
    EMAIL_TIMEOUT = 10
