"""All settings. What differs between machines comes from the environment or `.env` (see `.env.example`)."""

import os
from pathlib import Path
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kb.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # everything this machine writes: database, secret, collected static files

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=False)
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)

INSTALLED_APPS = [
    "kb",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kb.web.headers.ResponseHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kb.web.rate.RateLimit",
    "kb.web.caching.PublicPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
if TRUST_PROXY:
    MIDDLEWARE.insert(0, "kb.web.proxy.BehindProxy")
if env.bool("ACCESS_LOG", default=False):
    MIDDLEWARE.insert(0, "kb.web.access.AccessLog")

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "kb.templatetags.kb"],
        },
    }
]

SQLITE_PATH = env.str("SQLITE_PATH", default=str(VAR_DIR / "bouncebook.sqlite3"))
# Where nothing may be written beside it, SQLite reads a file only when told that nobody writes into it either.
IS_FOR_READING = (
    os.path.exists(SQLITE_PATH)
    and not os.path.exists(f"{SQLITE_PATH}-wal")
    and not os.access(os.path.dirname(os.path.abspath(SQLITE_PATH)), os.W_OK)
)
# Immediate transactions and WAL: with Django's defaults, concurrent writers fail with "database is locked".
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": f"file:{quote(SQLITE_PATH)}?immutable=1" if IS_FOR_READING else SQLITE_PATH,
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    },
}
DATABASE_URL = env.str("DATABASE_URL", default="")
if DATABASE_URL and not DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// (a SQLite file is named by SQLITE_PATH).")
if DATABASE_URL:
    POSTGRESQL = env.db_url_config(DATABASE_URL)
    # A socket's directory stands after "?host=": backup and dbshell look for it where other hosts stand.
    elsewhere = POSTGRESQL.get("OPTIONS", {})
    POSTGRESQL.update({name.upper(): elsewhere.pop(name) for name in ("host", "port") if name in elsewhere})
    # A connection that the server closed meanwhile is noticed before it is used.
    POSTGRESQL.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
DATABASES = {"default": POSTGRESQL if DATABASE_URL else SQLITE}
FIXTURE_DIR = BASE_DIR / "fixtures"

# --- languages -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "kb" / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED  # `runserver` straight after a clone works without collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED or env.bool("COLLECTING", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- what may come in ------------------------------------------------------------------------------------------------
PASTE_LIMIT_BYTES = 2_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = PASTE_LIMIT_BYTES + 20_000  # the paste and the few small fields beside it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300  # the admin's inlines need some; a page for readers sends three
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # nothing pasted reaches the disk

# --- trust -----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kb.web.errors.csrf_failure"
LOGIN_REDIRECT_URL = "admin:index"  # where a login leads whose `next` is another site's
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # probes come from this machine, without HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie
if HTTPS:
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # browsers' built-in lists are hard to leave: only who asks gets there
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    # Large enough that nobody who tries passwords from many addresses makes it forget the first ones.
    "default": env.cache_url_config(CACHE_URL or "locmemcache://?max_entries=50000"),
    "pages": env.cache_url_config(CACHE_URL or "locmemcache://pages?max_entries=1000"),
}
CACHE_PAGES = env.bool("CACHE_PAGES", default=False)
RATE_LIMIT = env.float("RATE_LIMIT", default=1)

# --- logs ------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kb.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": [], "level": "INFO" if DEBUG else "WARNING", "propagate": True},
        "kb.access": {"level": "INFO"},
        "_granian": {"handlers": [], "propagate": True},
    },
}
