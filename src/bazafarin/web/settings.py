"""Django's settings: one file; what differs between sites comes from the environment.

| variable | what it is | without it |
|---|---|---|
| ``BAZAFARIN_DATA`` | the folder of everything that the site keeps | an error |
| ``BAZAFARIN_DATABASE_URL`` | ``postgresql://…``, with PostGIS | SQLite in the data folder |
| ``BAZAFARIN_HOSTS`` | names under which the site is reached, with commas | this machine only |
| ``BAZAFARIN_HTTPS`` | ``1`` where a proxy ends TLS before the server | cookies go over HTTP, too |
| ``BAZAFARIN_PROXIES`` | addresses or networks of the proxies before it | this machine with TLS |
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url

from bazafarin.domain.errors import UsageError


def _data_folder() -> Path:
    named = os.environ.get("BAZAFARIN_DATA")
    if not named:
        raise UsageError("usage.no_data_folder")
    folder = Path(named).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the networks that a list of addresses and networks names.

    Raises:
        UsageError: one of them is none.
    """
    found = []
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(each))
        except ValueError as error:
            raise UsageError("usage.no_network", text=each) from error
    return found


def _secret_key(folder: Path) -> str:
    """Return the site's own secret; it is drawn once and kept for its owner's eyes."""
    kept = folder / "secret_key"
    if not kept.exists():
        aside = folder / f"secret_key.{os.getpid()}"
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(64), encoding="ascii")
        # of two processes that begin at once, the first decides
        with contextlib.suppress(FileExistsError):
            os.link(aside, kept)
        aside.unlink()
    return kept.read_text(encoding="ascii")


def _database(folder: Path) -> dict[str, Any]:
    url = os.environ.get("BAZAFARIN_DATABASE_URL")
    if url:
        if not url.startswith(("postgresql://", "postgres://")):
            raise UsageError("usage.database_url", kind=url.partition(":")[0])
        return {
            **dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True),
            "ATOMIC_REQUESTS": False,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "site.sqlite3",
        "OPTIONS": {
            # a writer waits for its turn at the start, not in the middle of its work
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # what a phone is told to be taken in is there after a power cut, too
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


DATA_FOLDER = _data_folder()
SECRET_KEY = _secret_key(DATA_FOLDER)
IS_BEHIND_HTTPS = os.environ.get("BAZAFARIN_HTTPS") == "1"
PROXIES = _networks(os.environ.get("BAZAFARIN_PROXIES", "127.0.0.1,::1" if IS_BEHIND_HTTPS else ""))
DEBUG = False
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("BAZAFARIN_HOSTS", "").split(",")),
    "127.0.0.1",
    "localhost",
    "[::1]",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "bazafarin.web.office",
    "bazafarin.web.audit",
    "bazafarin.web.accounts",
    "bazafarin.web.jobs",
    "bazafarin.web.places",
    "bazafarin.web.maps",
    "bazafarin.web.plans",
    "bazafarin.web.cases",
    "bazafarin.web.surveys",
    "bazafarin.web.offices",
    "bazafarin.web.interfaces",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bazafarin.web.office.security_headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bazafarin.web.office.spoken.Spoken",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "bazafarin.web.accounts.entrance.Entrance",
    "bazafarin.web.office.plain_address.PlainAddress",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bazafarin.web.office.clear_errors.ClearErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bazafarin.web.urls"
WSGI_APPLICATION = "bazafarin.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["bazafarin.web.office.templatetags.said"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bazafarin.web.office.shell.shell",
            ],
        },
    }
]

DATABASES = {"default": _database(DATA_FOLDER)}
CACHES = {
    # tiles of accepted editions, which never change; a tile is some hundred kilobytes at most
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 600},
        "TIMEOUT": 3_600,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "office:home"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "bazafarin.web.accounts.caller_address.address_of"
AXES_LOCKOUT_CALLABLE = "bazafarin.web.accounts.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Bazafarin"

SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if IS_BEHIND_HTTPS]
CSRF_FAILURE_VIEW = "bazafarin.web.office.views.stale"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
# a form of 300 questions whose repeats have many rows
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_TEMP_DIR = DATA_FOLDER
FILE_UPLOAD_HANDLERS = [
    "bazafarin.web.office.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = 2 * 2**30
"""The largest file that is taken in; the zip's contents are limited by themselves."""

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
TIME_ZONE = "Asia/Tehran"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
_ADAPTERS = Path(__file__).resolve().parents[1] / "adapters"
STATICFILES_DIRS = [
    ("fonts", _ADAPTERS / "fonts"),
    ("vendor", _ADAPTERS / "web_map" / "vendor"),
    ("map_page", _ADAPTERS / "web_map" / "page"),  # what both maps draw with
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_FOLDER / "files"},
    },
    "staticfiles": {"BACKEND": "bazafarin.web.office.static_files.StaticFiles"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
