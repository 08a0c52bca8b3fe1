"""HaloCIK's settings: one file, everything from the environment, safe defaults for a developer's machine.

Every variable is listed, with its meaning, in docs/deployment.md.
"""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from halocik import embedded, env, logs

django_stubs_ext.monkeypatch()  # ModelForm[User] and the like exist for the type checker; this lets them run

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
PRODUCTION = env.flag("PRODUCTION")
DEMO = env.flag("DEMO")

_DEVELOPMENT_KEY = "not-secret-for-development-and-tests-only"
SECRET_KEY = env.text("SECRET_KEY", _DEVELOPMENT_KEY)
if PRODUCTION and (DEMO or DEBUG):
    raise ImproperlyConfigured("PRODUCTION=1 refuses to start beside DEMO=1 or DEBUG=1.")
if PRODUCTION and (SECRET_KEY == _DEVELOPMENT_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("PRODUCTION=1 needs a SECRET_KEY of at least 50 characters of its own.")

# Where the application lives

BASE_PATH = env.url_path("BASE_PATH", "halocik/")
PUBLIC_BASE_URL = env.web_address("PUBLIC_BASE_URL", f"http://127.0.0.1:8000/{BASE_PATH}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
if PRODUCTION and (not os.environ.get("ALLOWED_HOSTS") or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("PRODUCTION=1 needs ALLOWED_HOSTS: the host names HaloCIK is reached by, without *.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
HTTPS = env.flag("HTTPS", PRODUCTION)
if HTTPS and not TRUSTED_PROXIES:
    raise ImproperlyConfigured(
        "HTTPS=1 needs TRUSTED_PROXIES=1 or more: HaloCIK speaks HTTPS only behind a reverse proxy, whose "
        "X-Forwarded-Proto header tells it so."
    )
if PRODUCTION and not PUBLIC_BASE_URL.startswith("https://") and HTTPS:
    raise ImproperlyConfigured(f"PUBLIC_BASE_URL must start with https:// while HTTPS=1; it is {PUBLIC_BASE_URL!r}.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.admin",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "accounts",
    "jobs",
    "worktime",
    "network",
    "tickets",
    "dashboard",
    "demo",
    "halocik",
]

# From the outside in. The rules for browsers stand outside of everything that can refuse or fail, so that every answer
# carries them; whitenoise stands outside of all that asks the database.
MIDDLEWARE = [
    "halocik.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Adds random bytes to each answer and tokens are masked anew each time, against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "halocik.middleware.NoStoreMiddleware",
    "halocik.middleware.LegibleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "halocik.middleware.LoginMiddleware",
    "accounts.middleware.DutiesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "halocik.middleware.TrailMiddleware",
    "halocik.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "halocik.urls"
WSGI_APPLICATION = "halocik.wsgi.application"

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
                "csp.context_processors.nonce",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "halocik.templatetags.house"],
        },
    },
]
FORM_RENDERER = "halocik.widgets.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Engines

DATABASES = {
    "default": {
        **env.database("DATABASE_URL", embedded.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": f"-c statement_timeout={env.number('STATEMENT_TIMEOUT_MS', 5000)}"
            f" -c lock_timeout={env.number('LOCK_TIMEOUT_MS', 3000)}"
            # What is prepared (see accounts.prepared) is planned once, not anew for what it is asked with; compiled for
            # its supposed cost, a search of one millisecond would take a hundred.
            " -c plan_cache_mode=force_generic_plan -c jit=off",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis("REDIS_URL", embedded.redis_url())
_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
CACHES = {"default": {**_CACHE, "OPTIONS": {"MAX_ENTRIES": 100_000}}}

# Work beside the requests. The broker is only a doorbell: what has to be done stands in the database, and every task
# may run twice. The names of the queues are those of the Procfile's workers.

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # come back whenever Redis does
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,  # seconds; longer than any task may take
    "socket_connect_timeout": 1,
    "socket_timeout": 3,  # longer than the 1 s for which a worker waits for the next message
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_QUEUES = [Queue("clock"), Queue("outbox"), Queue("jobs"), Queue("long")]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "tickets.tasks.look": {"queue": "clock"},
    "tickets.tasks.deliver": {"queue": "outbox"},
    "jobs.tasks.work": {"queue": "long"},
    "network.tasks.scan_all": {"queue": "long"},
}
CELERY_TIMEZONE = "Asia/Jakarta"
# An entry that nobody took within its interval is worthless: the next one does the same.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "look": {"task": "tickets.tasks.look", "schedule": 15, "options": {"expires": 15}},
    "holidays": {"task": "worktime.tasks.propose", "schedule": crontab("0", "6"), "options": {"expires": 86_400}},
    "deliver": {"task": "tickets.tasks.deliver", "schedule": 60, "options": {"expires": 60}},
    "documents": {"task": "tickets.tasks.file_documents", "schedule": 60, "options": {"expires": 60}},
    "reports": {"task": "dashboard.tasks.file_reports", "schedule": crontab("*/10"), "options": {"expires": 600}},
    "long work": {"task": "jobs.tasks.work", "schedule": 15, "options": {"expires": 15}},
    "reality": {"task": "network.tasks.scan_all", "schedule": crontab("0", "10", "1-5"), "options": {"expires": 3600}},
    "old work": {"task": "jobs.tasks.remove_old", "schedule": crontab("0", "2"), "options": {"expires": 86_400}},
}
# Imports, exports and the like: how long one statement of theirs may take, and for how many days results are kept.
JOB_STATEMENT_TIMEOUT_MS = env.number("JOB_STATEMENT_TIMEOUT_MS", 60_000)
JOB_RESULTS_DAYS = env.number("JOB_RESULTS_DAYS", 30, most=3650)
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "beat-schedule")

# Mail

_MAIL = env.mail_server()
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.host, _MAIL.port, _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.tls, _MAIL.ssl, 10
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "jobs.mail.FolderBackend"
EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mailbox("DEFAULT_FROM_EMAIL", "HaloCIK <halocik@localhost>")
# Chat services by apprise's schemes; docs/operations.md says what to mind before adding one.
NOTIFY_SERVICES = [scheme.lower() for scheme in env.words("NOTIFY_SERVICES", ["tgram", "whatsapp"])]

# People

AUTH_USER_MODEL = "accounts.User"
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # nothing else changes a row whose changes are kept
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:home"

# Language and time

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
FORMAT_MODULE_PATH = "halocik.formats"

# The registry

# For so many days a released address is not proposed again: leases, caches and forgotten PCs may still use it.
ADDRESS_COOLING_DAYS = env.number("ADDRESS_COOLING_DAYS", 7, most=3650)
# Whether machines may be asked for their names, only ever in subnets marked as seen directly; and whether every day.
REALITY_CHECK, DAILY_REALITY_CHECK = env.flag("REALITY_CHECK", not DEMO), env.flag("DAILY_REALITY_CHECK")

# Static files

STATIC_URL = f"/{BASE_PATH}static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "var" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
# The internal location under which nginx sends attachments; empty: the application sends them itself.
X_ACCEL_ATTACHMENTS = env.text("X_ACCEL_ATTACHMENTS")

# Browser rules

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
_COOKIE_PREFIX = "__Secure-" if HTTPS else ""
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}halocik_session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}halocik_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{BASE_PATH}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "accounts.toasts.ToastStorage"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [rf"^{BASE_PATH}(healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
# Neighbours on the same host and domain are not ours to bind: neither their sub-domains nor browsers' preload lists.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Logs: one JSON line each

LOGGING = logs.config(env.choice("LOG_LEVEL", ["INFO", "DEBUG", "WARNING", "ERROR"]))

# allauth: one log-in for the pages and the Django admin, sign-up closed

AUTHENTICATION_BACKENDS = ["accounts.adapter.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email", "nip"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an admin enters the address; nobody changes it alone
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[HaloCIK] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None  # the log-in page asks
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "HaloCIK"
MFA_TOTP_TOLERANCE = 1  # one step of 30 s: office clocks drift
MFA_REQUIRED_FOR_ADMINS = env.flag("MFA_REQUIRED_FOR_ADMINS")
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}halocik_language"
THEME_COOKIE_NAME = f"{_COOKIE_PREFIX}halocik_theme"
