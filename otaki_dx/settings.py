"""The one settings file. Differences between machines come from environment variables (see .env.example)."""

from pathlib import Path
from urllib.parse import quote

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from otaki_dx import env, launch

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where and how it runs ---------------------------------------------------------------------------------------
PRODUCTION = env.boolean("PORTAL_PRODUCTION", default=False)
DEBUG = env.boolean("PORTAL_DEBUG", default=False)
DATA_DIR = env.folder("PORTAL_DATA", BASE_DIR / "data")
SECRET_KEY = env.text("PORTAL_SECRET_KEY")
ALLOWED_HOSTS = env.names("PORTAL_ALLOWED_HOSTS")
PORTAL_PORT = env.integer("PORTAL_PORT", 8000)
# Links in mails come from here, never from a request.
PORTAL_URL = env.text("PORTAL_URL", f"http://127.0.0.1:{PORTAL_PORT}").rstrip("/")
# Pages for residents lie under it: nobody is asked there who they are, so that anything between may keep them.
RESIDENTS_URL = "/public/"
# Where residents read the pages for them, also when these are files on another server; stands in the DCAT catalogue.
PORTAL_PUBLIC_URL = env.text("PORTAL_PUBLIC_URL", f"{PORTAL_URL}/public").rstrip("/")
PORTAL_DEMO_PASSWORD = env.text("PORTAL_DEMO_PASSWORD")

if PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "PORTAL_SECRET_KEY がありません。50文字以上のでたらめな文字列を決めて設定してください。"
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "PORTAL_ALLOWED_HOSTS がありません。ポータルを開く名前（例 dx.town.example）を設定してください。"
        )
    if DEBUG:
        raise ImproperlyConfigured("本番（PORTAL_PRODUCTION=1）では PORTAL_DEBUG を使えません。")
else:
    # Loopback only, so a fixed key protects nothing that matters; `manage.py portal` makes one per data folder.
    SECRET_KEY = SECRET_KEY or "development-only-key-" + "x" * 40
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]

# --- apps: otaki_dx -> committee -> schedule -> initiatives -> townhall --------------------------------------------
INSTALLED_APPS = [
    "otaki_dx",
    "committee",
    "schedule",
    "initiatives",
    "townhall.apps.TownhallConfig",
    "townhall.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "import_export",
]

MIDDLEWARE = [
    "townhall.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "townhall.middleware.clock",
    "townhall.carried.carry_typed_text",
    "allauth.account.middleware.AccountMiddleware",
    "townhall.middleware.OpenOrLoggedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "townhall.middleware.say_what_is_refused",
    "townhall.middleware.AccessTableMiddleware",
]

ROOT_URLCONF = "otaki_dx.urls"
WSGI_APPLICATION = "otaki_dx.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["townhall.templatetags.personal_forms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "townhall.context.portal",
            ],
        },
    },
]

# --- database ------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", sqlite_file=DATA_DIR / "portal.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# ATOMIC_REQUESTS stays off: with IMMEDIATE every page view would take SQLite's write lock. Actions are atomic.

# Rows, not a server: a silent broker must never slow a page down.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

# --- people --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "townhall.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "townhall.adapter.TownAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# 10 failures in 15 minutes, per account and per address.
ACCOUNT_RATE_LIMITS = {"login_failed": "40/15m/ip,10/15m/key", "login": "60/m/ip", "change_password": "5/m/user"}
MFA_TOTP_ISSUER = "大多喜町DX推進ポータル"
SESSION_COOKIE_AGE = 10 * 60 * 60  # ten hours, a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "townhall" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# --- static files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.folder("PORTAL_STATIC", DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- what the browser may do (the name and shape of Django 6's setting; middleware in townhall) ----------------------
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "otaki_dx.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
HTTPS = env.boolean("PORTAL_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked from inside the machine, where there is no TLS; it tells nothing about anybody.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# The town's own proxy ends TLS and must set this header; nothing else may reach the port.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if HTTPS else []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- mail ----------------------------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10  # Django's default waits for ever
EMAIL_USE_LOCALTIME = True  # the Date of a letter in the town's time
DEFAULT_FROM_EMAIL = env.text("PORTAL_MAIL_FROM", "dx-portal@town.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Without a mail server the letters are written as .eml files, so nothing is lost and nothing leaves the machine.
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = "townhall.smtp.SmtpBackend" if EMAIL_HOST else "townhall.mail.EmlFileBackend"
# Who hands over what is due, one module per app (schedule/sources.py).
DUE_SOURCES = [
    "schedule.due",
    *("committee.due", "committee.approvals_due", "committee.inquiries_due", "committee.effects_due"),
]

# --- celery: an alarm clock, nothing more (docs/operations.md) -------------------------------------------------------
BROKER_SOCKET = launch.broker_socket(DATA_DIR)
REDIS_URL = env.text("REDIS_URL", f"redis+socket://{quote(str(BROKER_SOCKET))}")
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULE = {
    "plan-reminders": {"task": "schedule.plan_reminders", "schedule": crontab(minute="*/10")},
    "send-reminders": {"task": "schedule.send_reminders", "schedule": crontab()},
    "read-waiting-files": {"task": "otaki_dx.read_waiting_files", "schedule": crontab()},
}

# --- libraries -----------------------------------------------------------------------------------------------------
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True  # a reason is a sentence or two, not 100 characters
SIMPLE_HISTORY_REVERT_DISABLED = True  # going back is an ordinary change with a reason, not a button
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- logs ----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
