"""Settings, from the environment. Without any, everything lives in one folder on SQLite.

EQUIPOISE_HOME        the folder of the databases, keys and reports (default: ./demo-out)
EQUIPOISE_DATABASE    the main database: a folder of SQLite files, or postgresql://user:password@host:port/name
EQUIPOISE_ALLOCATOR   the allocator's own database, in the same form
EQUIPOISE_SOCKETS     the folder of the unlocked allocators' sockets (default: beside the allocator's SQLite, or HOME)
EQUIPOISE_SECRET      the key that signs sessions; outside demo mode there is no default
EQUIPOISE_HOSTS       host names served, separated by commas
EQUIPOISE_DEMO        "yes" allows one-click logins and demo keys
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOME = Path(os.environ.get("EQUIPOISE_HOME", "demo-out")).resolve()
DEMO = os.environ.get("EQUIPOISE_DEMO", "") == "yes"
DEBUG = False
SECRET_KEY = os.environ.get("EQUIPOISE_SECRET", "only-for-the-demo-and-the-tests" if DEMO else "")
ALLOWED_HOSTS = os.environ.get("EQUIPOISE_HOSTS", "127.0.0.1,localhost,testserver").split(",")


def database(address: str, sqlite_name: str) -> dict[str, Any]:
    """The settings of one database: PostgreSQL by its address, SQLite otherwise."""
    if not address.startswith("postgresql://"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str((Path(address) if address else HOME) / sqlite_name),
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {
    "default": database(os.environ.get("EQUIPOISE_DATABASE", ""), "equipoise.sqlite3"),
    "allocator": database(os.environ.get("EQUIPOISE_ALLOCATOR", ""), "allocator.sqlite3"),
}
_ALLOCATOR = os.environ.get("EQUIPOISE_ALLOCATOR", "")
_BESIDE = HOME if _ALLOCATOR.startswith("postgresql://") else Path(_ALLOCATOR or HOME)
ALLOCATOR_SOCKETS = os.environ.get("EQUIPOISE_SOCKETS", "") or str(_BESIDE)
DATABASE_ROUTERS = ["equipoise.allocator.router.AllocatorRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "equipoise.ledger",
    "equipoise.allocator",
    "equipoise.web",
]
MIDDLEWARE = [
    "equipoise.web.security.headers_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "equipoise.web.visitors.visitor_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "equipoise.web.urls"
WSGI_APPLICATION = "equipoise.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["equipoise.web.templatetags.words", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # static files are served from where they are; nothing is collected
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_FAILURE_VIEW = "equipoise.web.views.plain.csrf_failed"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# The log says what failed and where, never what was entered.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "equipoise.web.security.WithoutValues", "format": "%(asctime)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "equipoise": {"handlers": ["console"], "level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
