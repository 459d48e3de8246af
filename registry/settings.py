"""The one settings file; deployment differences are read in env.py."""

from registry import env

BASE_DIR = env.BASE_DIR
DATA_DIR = env.DATA_DIR
env.made_dir(DATA_DIR)
SCRATCH_DIR = env.scratch_dir()
KEY_FILE = env.KEY_FILE
CRYPTO_SUITE = env.CRYPTO_SUITE
SECRET_KEY = env.secret_key()
DEBUG = env.DEBUG
ALLOWED_HOSTS = env.ALLOWED_HOSTS
PUBLIC_ADDRESS = env.PUBLIC_ADDRESS
PAPER_PROCESSES = env.PAPER_PROCESSES

INSTALLED_APPS = [
    "registry.store",
    "registry.audit",
    "registry.accounts",
    "registry.jobs",
    "registry.web",
    "projects.ledger",
    "projects.gates",
    "projects.progress",
    "projects.casework",
    "projects.office",
    "projects.leads",
    "commitments",
    "documents.papers",
    "documents.reports",
    "documents.exports",
    "documents.intake",
    "documents",
    "documents.reference",
    "documents.setup",
    "import_export",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "axes",
]

MIDDLEWARE = [
    "registry.web.proxy.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registry.web.csp.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "registry.accounts.middleware.ActorMiddleware",
    "registry.web.access.AccessMiddleware",
    "registry.web.typed.middleware.TypedMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",  # asked for by the admin's own check
                "django.contrib.messages.context_processors.messages",
                "registry.web.context.shell",
            ],
            "builtins": [
                "django.contrib.humanize.templatetags.humanize",
                "registry.web.templatetags.registry_tags",
                "registry.web.templatetags.typed_tags",
            ],
        },
    }
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "registry.accounts.passwords.MixedCharactersValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:desk"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "registry.accounts.selectors.browsers.client_address"
AXES_USERNAME_CALLABLE = "registry.accounts.selectors.browsers.counted_as"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
TRUSTED_PROXIES = env.TRUSTED_PROXIES
PROXY_ADDRESSES = env.PROXY_ADDRESSES
USE_X_FORWARDED_HOST = env.FORWARDED_HOST
SIGN_IN_ADDRESS_FAILURES = 20  # beyond so many failures of one address it waits between attempts, seconds, never longer
SIGN_IN_LONGEST_PAUSE = 30

SESSION_ENGINE = "registry.accounts.sessions"
SESSION_COOKIE_AGE = env.IDLE_MINUTES * 60
SESSION_SAVE_EVERY_REQUEST = False  # ActorMiddleware keeps a session alive, once a minute
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = env.SECURE_COOKIES
CSRF_COOKIE_SECURE = env.SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if env.SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.FORWARDED_PROTO else None
SECURE_SSL_REDIRECT = env.SECURE_COOKIES and env.FORWARDED_PROTO
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether other hosts of the domain speak TLS is the domain's owner's to say
    "security.W008",  # without FORWARDED_PROTO the proxy redirects, and a redirect of ours would go round for ever
    "security.W021",  # no intranet stands on a browser's preload list
]
CSRF_FAILURE_VIEW = "registry.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000
FILE_UPLOAD_TEMP_DIR = None  # where every temporary file of the program lies: `env.scratch_dir`
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "registry.web.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "registry.web.uploads.UnnamedUploadHandler",
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
env.made_dir(STATIC_ROOT)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MANIFEST_STRICT = False
FILES_DIR = DATA_DIR / "files"

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "documents.reference.storage.SealedStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "registry.web.logs.OneLineFormatter", "format": "%(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
