"""Settings, from the environment. Without any, everything lives in one folder on SQLite.

EQUIPOISE_HOME        the folder of the databases, keys and reports (default: ./demo-out)
EQUIPOISE_DATABASE    the main database: a folder of SQLite files, or postgresql://user:password@host:port/name
EQUIPOISE_ALLOCATOR   the allocator's own database, in the same form
EQUIPOISE_SOCKETS     the folder of the unlocked allocators' sockets (default: beside the allocator's SQLite, or HOME)
EQUIPOISE_SECRET      the key that signs sessions; outside demo mode there is no default
EQUIPOISE_HOSTS       host names served, separated by commas
EQUIPOISE_DEMO        "yes" allows one-click logins and demo keys
EQUIPOISE_TLS         "proxy" (the default outside a demonstration), which ends TLS in front of this server; "none"
EQUIPOISE_IDLE        minutes without a request after which a session ends (default 20)
EQUIPOISE_MAIL        smtp://user:password@host:port for invitations; without it the command prints the link
EQUIPOISE_SENDER      the address such mail comes from
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOME = Path(os.environ.get("EQUIPOISE_HOME", "demo-out")).resolve()
DEMO = os.environ.get("EQUIPOISE_DEMO", "") == "yes"
DEBUG = False
SECRET_KEY = os.environ.get("EQUIPOISE_SECRET", "only-for-the-demo-and-the-tests" if DEMO else "")
ALLOWED_HOSTS = os.environ.get("EQUIPOISE_HOSTS", "127.0.0.1,localhost" + ",testserver" * DEMO).split(",")


def database(address: str, sqlite_name: str) -> dict[str, Any]:
    """The settings of one database: PostgreSQL by its address, SQLite otherwise."""
    if not address.startswith("postgresql://"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str((Path(address) if address else HOME) / sqlite_name),
            "CONN_MAX_AGE": 60,  # the last connection that is closed folds the whole write-ahead log into the file
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


def mail(address: str) -> dict[str, Any]:
    """The settings of the mail server: STARTTLS, with name and password where the address has them."""
    parts = urlsplit(address)
    return {
        "EMAIL_HOST": unquote(parts.hostname or ""),
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 20,
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
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "equipoise.ledger",
    "equipoise.allocator",
    "equipoise.accounts",
    "equipoise.web",
]
MIDDLEWARE = [
    "equipoise.web.security.headers_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True

# --- Who signs in -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None  # django-allauth keeps second factors; its own pages are not served
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
MFA_ADAPTER = "equipoise.accounts.keeper.Keeper"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODE_DIGITS = 12
MFA_TOTP_ISSUER = "Equipoise"
MFA_TOTP_TOLERANCE = 1
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "equipoise_cache"}}

# Sessions are rows of the database, so that they can be ended from elsewhere.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
IDLE = round(60 * float(os.environ.get("EQUIPOISE_IDLE", "20")))
LONGEST = 12 * 60 * 60
SESSION_COOKIE_AGE = LONGEST
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- TLS: outside a demonstration a proxy in front ends it ----------------------------------------------------------

TLS = os.environ.get("EQUIPOISE_TLS", "none" if DEMO else "proxy") == "proxy"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = ["^health/$"]
if TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

_mail = os.environ.get("EQUIPOISE_MAIL", "")
if _mail:
    globals().update(mail(_mail))
DEFAULT_FROM_EMAIL = os.environ.get("EQUIPOISE_SENDER", "")
MAILS = bool(_mail and DEFAULT_FROM_EMAIL)

CSRF_FAILURE_VIEW = "equipoise.web.views.plain.csrf_failed"

# The log says what failed and where, never what was entered.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "equipoise.web.security.WithoutValues", "format": "%(asctime)s %(name)s %(message)s"},
        "structured": {"()": "equipoise.web.security.Structured"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain" if DEMO else "structured"}},
    "loggers": {
        "equipoise": {"handlers": ["console"], "level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
