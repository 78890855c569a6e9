"""One settings file for every run. What differs between runs comes from the environment (README, "Configuration").

`MODE` is `production` unless something says otherwise: a machine on which nothing was configured refuses to start.
`demo` is what `make run` serves; `test` is what the tests set (`tests/environment.py`).
"""

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from apframework.schedule import ALARMS, CELERY_BEAT_SCHEDULE, DEMO_WORLDS, RESEAL, TICK  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

MODE = env.str("MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"MODE must be production, demo or test, not {MODE}")
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("Production does not start with DEBUG: it would show visitors what only we may see")


def secret(name: str) -> str:
    """A secret from the environment. Production refuses to start without it; elsewhere it is made up, the same each
    time, so that nobody has to keep one for a demo."""
    value = env.str(name, "")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"Production does not start without {name} (README, Configuration)")
    return base64.urlsafe_b64encode(hashlib.sha256(f"not a secret: {MODE} {name}".encode()).digest()).decode()


VAR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

# --- Secrets and hosts ---------------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SEAL_KEYS = [key.strip() for key in secret("SEAL_KEYS").split(",")]
FINGERPRINT_KEY = secret("FINGERPRINT_KEY")
for _key in [*SEAL_KEYS, FINGERPRINT_KEY]:
    try:
        _long_enough = len(base64.urlsafe_b64decode(_key)) == 32
    except ValueError:
        _long_enough = False
    if not _long_enough:
        raise ImproperlyConfigured("SEAL_KEYS and FINGERPRINT_KEY are 32 bytes in base64 (README, Configuration)")

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Production does not start without ALLOWED_HOSTS (README, Configuration)")
PORT = env.int("PORT", 8000)
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
if PRODUCTION and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("Production does not start without BASE_URL, the https:// address that letters link to")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

# --- What it is made of --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "core",
    "audit",
    "outbox",
    "accounts",
    "files",
    "jobs",
    "lots",
    "providers",
    "contracts",
    "evaluation",
    "referrals",
    "monitoring",
    "notices",
    "apframework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_forms_gds",
    "django_filters",
]

MIDDLEWARE = [
    "core.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "core.middleware.Manners",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.LargestBody",
    "apframework.middleware.UploadsAtOnce",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.SecondStep",
    "apframework.middleware.BrokenSeals",
]

ROOT_URLCONF = "apframework.urls"
THIRD_PARTY_DOORS = "apframework.doors.THIRD_PARTY"
WSGI_APPLICATION = "apframework.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "apframework.context.portal",
            ],
            "builtins": ["core.templatetags.portal"],
        },
    },
]

# --- Database ------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or f"sqlite:///{VAR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
SQLITE = _database["ENGINE"].endswith("sqlite3")
if SQLITE:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
    _database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    if PRODUCTION:
        raise ImproperlyConfigured("Production does not start without DATABASE_URL, a PostgreSQL 15+ database")
elif env.bool("DATABASE_POOL", PRODUCTION):
    # A pool per process, opened after gunicorn has forked. Celery's workers set DATABASE_POOL=0: they fork later.
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 8), "timeout": 10}}
if not SQLITE:
    # A database that does not answer is given up on, so that a worker or a health check is never held for ever.
    _database.setdefault("OPTIONS", {})["connect_timeout"] = 5

# --- Redis: cache and broker ---------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("Production does not start without REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "apframework.cache.Redis",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL or "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem"):
    BROKER_FOLDER = VAR / "broker"
    for _folder in ("queue", "taken", "control"):
        (BROKER_FOLDER / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "apframework.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "processed_folder": str(BROKER_FOLDER / "taken"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "store_processed": False,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    # A broker that hangs is given up on; a message that a dead worker held comes back after an hour at the latest.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "mail"
# A sweep of letters stops by itself after 45 seconds. A job may take two hours; what hangs longer is broken off and
# tried again, the third time given up (jobs.rules).
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_TASK_ANNOTATIONS = {
    "outbox.tasks.sweep_alarms": {"soft_time_limit": 90, "time_limit": 120},
    "outbox.tasks.sweep_mail": {"soft_time_limit": 90, "time_limit": 120},
    "jobs.tasks.sweep": {"soft_time_limit": 7200, "time_limit": 7260},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# What is done in seconds goes the way of the mail: a job of an hour must hold up neither letters nor the sealing.
CELERY_TASK_ROUTES = {name: {"queue": "alarms"} for name in ALARMS}
CELERY_TASK_ROUTES |= {name: {"queue": "jobs"} for name in ("jobs.tasks.sweep", "files.tasks.draw_pages")}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULER = "apframework.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 10
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat.db")
# Long work: what is done, by name (called with the job and its `progress`), and the page on which its result stands
# (the name of a URL that takes the key of the row that it was about).
JOBS: dict[str, dict[str, str]] = {
    "contracts.paper": {"run": "contracts.work.paper", "result": "contract"},
    "evaluation.letters": {"run": "evaluation.work.letters.letters", "result": "letters_beside"},
    "evaluation.report": {"run": "evaluation.work.report.make", "result": "evaluation_report_copy"},
    "evaluation.run_prices": {"run": "evaluation.work.prices.run_prices", "result": "run"},
    "notices.read": {"run": "notices.work.read", "result": "notice_file"},
}

# Each worker, beat and tick touches the file of this name; the containers' health checks look at its age.
HEARTBEAT_FILE = env.str("HEARTBEAT_FILE", "")
# What is asked every minute whether the portal's pages answer, so that its own outages are known (docs/adr/0024).
WATCH_URL = env.str("WATCH_URL", f"{BASE_URL}/readyz" if PRODUCTION else "")

# --- Files ---------------------------------------------------------------------------------------------------------
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("S3_BUCKET", ""):
    from botocore.config import Config

    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
            "region_name": env.str("S3_REGION", "") or None,
            "access_key": env.str("S3_ACCESS_KEY", "") or None,
            "secret_key": env.str("S3_SECRET_KEY", "") or None,
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
            # Stores other than Amazon's do not know its newer checksums; a store that hangs is given up on.
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", "") or VAR / "static")
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
if MODE == "test":
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Threads of one web process; two in three may wait for uploads, which can come slowly, and the rest never do.
WEB_THREADS = env.int("WEB_THREADS", 12)
UPLOADS_AT_ONCE = max(1, WEB_THREADS * 2 // 3)
FILE_UPLOAD_TEMP_DIR = None
# The largest file that anybody may upload, and where ClamAV looks at it: tcp://host:port, unix:///path, or "off".
FILE_MAX_BYTES = env.int("FILE_MAX_BYTES", 25 * 1024 * 1024)
CLAMD_URL = env.str("CLAMD_URL", "")
CLAMD_OFF = CLAMD_URL == "off"
if CLAMD_OFF:
    CLAMD_URL = ""
if CLAMD_URL and urlsplit(CLAMD_URL).scheme not in {"tcp", "unix"}:
    raise ImproperlyConfigured("CLAMD_URL is tcp://host:port, unix:///path or off (README, Configuration)")
SCHOOLS_FILE_MAX_BYTES = env.int("SCHOOLS_FILE_MAX_BYTES", 150 * 1024 * 1024)
NOTICE_FILE_MAX_BYTES = env.int("NOTICE_FILE_MAX_BYTES", 50 * 1024 * 1024)
SCHOOLS_FILE_MAX_ROWS = env.int("SCHOOLS_FILE_MAX_ROWS", 200_000)

# --- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DEMO_CLOCK_FILE = VAR / "demo-clock"

# --- People and sign-in --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
# How hard the passphrases of a recovery file are to guess (scrypt, 2 to this power): half a second and 128 MB for each.
RECOVERY_COST = 10 if MODE == "test" else 17
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.Length"},
    {"NAME": "accounts.passwords.Common"},
    {"NAME": "accounts.passwords.NotYourself"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.passwords.SignInForm",
    "signup": "accounts.forms.passwords.SignUpForm",
    "reset_password": "accounts.forms.passwords.ResetPasswordForm",  # nosec B105
    "reset_password_from_key": "accounts.forms.passwords.ResetPasswordKeyForm",  # nosec B105
    "change_password": "accounts.forms.passwords.ChangePasswordForm",  # nosec B105
    "set_password": "accounts.forms.passwords.SetPasswordForm",  # nosec B105
    "reauthenticate": "accounts.forms.passwords.ReauthenticateForm",
    "add_email": "accounts.forms.passwords.ChangeEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.sign_in.SignUpExtra"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USERNAME_VALIDATORS = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Failed sign-ins are throttled by `accounts.throttle` with a growing delay; allauth's own limit would lock people out.
# Per address (ip), the rest are set where a school of 300 behind one address does not reach them.
ACCOUNT_RATE_LIMITS = {
    "login_failed": None,
    "login": None,
    "signup": "300/m/ip",
    "reset_password": "300/m/ip,5/m/key",  # nosec B105
    "reset_password_from_key": "300/m/ip",  # nosec B105
    "reauthenticate": "30/m/user",
}

SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # `SocialAdapter.can_authenticate_by_email` decides, per provider
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {"disconnect": "accounts.forms.second_step.DisconnectForm"}
# One entry per identity provider, as JSON (README, "Sign-in with the council's or the DfE's own account").
OIDC_PROVIDERS = env.json("OIDC_PROVIDERS", default=[])
_oidc_servers = [urlsplit(provider["settings"]["server_url"]) for provider in OIDC_PROVIDERS]
if PRODUCTION and any(server.scheme != "https" for server in _oidc_servers):
    raise ImproperlyConfigured("Production does not start with an identity provider that is not reached by https")
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": OIDC_PROVIDERS}}

MFA_ADAPTER = "accounts.adapters.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_step.AuthenticateForm",
    "reauthenticate": "accounts.forms.second_step.ReauthenticateForm",
    "activate_totp": "accounts.forms.second_step.ActivateTOTPForm",
    "deactivate_totp": "accounts.forms.second_step.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.forms.second_step.GenerateRecoveryCodesForm",
    "add_webauthn": "accounts.forms.second_step.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_step.EditPasskeyForm",
    "authenticate_webauthn": "accounts.forms.second_step.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.forms.second_step.SignInPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_step.ReauthenticatePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in without a confirmed address; a new one may wait to be confirmed
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # a code lives half a minute longer, for clocks that differ
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_ISSUER = env.str("PORTAL_NAME", "Alternative provision portal")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# In the demo world the second step is offered, not demanded, and the banner says so; everywhere else it is demanded.
SECOND_STEP_DEMANDED = not DEMO

SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)
SESSION_HOURS = env.int("SESSION_HOURS", 12)
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: not in a cookie
CSRF_FAILURE_VIEW = "apframework.errors.csrf_failure"
USERSESSIONS_TRACK_ACTIVITY = False  # `SessionLimits` notes it every five minutes instead of at every request

# --- Safety --------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Browsers hold this against where a form is redirected to as well: to the identity providers.
        "form-action": [
            SELF,
            *(f"{server.scheme}://{server.netloc}" for server in _oidc_servers),
            *env.list("CSP_FORM_ACTION", default=[]),
        ],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Email and texts ----------------------------------------------------------------------------------------------
# `outbox` alone sends; it opens the backend named here. The demo keeps everything in its outbox page.
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", "")
NOTIFY_BASE_URL = env.str("NOTIFY_BASE_URL", "") or None
NOTIFY_EMAIL_TEMPLATE = env.str("NOTIFY_EMAIL_TEMPLATE", "")
NOTIFY_TEXT_TEMPLATE = env.str("NOTIFY_TEXT_TEMPLATE", "")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25" if PRODUCTION else "dummymail://")
vars().update(EMAIL_CONFIG)
if NOTIFY_API_KEY:
    EMAIL_BACKEND = "outbox.backends.NotifyEmail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "Alternative provision portal <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The look ------------------------------------------------------------------------------------------------------
PORTAL_NAME = env.str("PORTAL_NAME", "Alternative provision portal")
COUNCIL_NAME = env.str("COUNCIL_NAME", "Larkshire Council" if not PRODUCTION else "")
COUNCIL_COLOUR = env.str("COUNCIL_COLOUR", "#1d4f73")
COUNCIL_FONT = env.str("COUNCIL_FONT", "Atkinson Hyperlegible")
COUNCIL_CONTACT_EMAIL = env.str("COUNCIL_CONTACT_EMAIL", "ap-portal@larkshire.example" if not PRODUCTION else "")
COUNCIL_CONTACT_PHONE = env.str("COUNCIL_CONTACT_PHONE", "01632 960123" if not PRODUCTION else "")
PHASE = env.str("PHASE", "beta")
if PRODUCTION and not (COUNCIL_NAME and COUNCIL_CONTACT_EMAIL):
    raise ImproperlyConfigured("Production does not start without COUNCIL_NAME and COUNCIL_CONTACT_EMAIL")
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Logs: one line of JSON each, no personal data -----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonLines"}},
    "filters": {"discreet": {"()": "core.logs.Discreet"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["discreet"]}},
    "root": {"handlers": ["out"], "level": env.str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        "django": {"handlers": ["out"], "level": "INFO" if PRODUCTION else "WARNING", "propagate": False},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
        "portal": {"handlers": ["out"], "level": "INFO" if PRODUCTION else "WARNING", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = []
