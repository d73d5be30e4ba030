"""Django's settings, all derived from `workspace.env`."""

from urllib.parse import parse_qsl, unquote, urlsplit

from workspace.env import database, env, listed, secret_key

ENV = env()

DEBUG = ENV.debug
DEMO = ENV.demo
SECRET_KEY = secret_key(ENV)
ALLOWED_HOSTS = listed(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = listed(ENV.trusted_origins)
BASE_URL = (ENV.base_url or f"http://127.0.0.1:{ENV.port}").rstrip("/")
VAR_DIR = ENV.var_dir
METRICS_TOKEN = ENV.metrics_token

INSTALLED_APPS = [
    "workspace",
    "workspace.pages",
    "workspace.api",
    "workspace.outbound",
    "workspace.connecting",
    "workspace.mail",
    "workspace.demo",
    "workspace.access",
    "cases",
    "customers",
    "connectors.host",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "workspace.middleware.SecurityHeaders",
    "workspace.api.middleware.Problems",
    "workspace.middleware.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workspace.permissions.RouteRights",
    "workspace.middleware.SoundText",
    "workspace.access.seals.Unsealed",
    "workspace.access.written.NoMasks",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workspace.disclosing.Disclosures",
]

ROOT_URLCONF = "workspace.urls"
WSGI_APPLICATION = "workspace.wsgi.application"
ASGI_APPLICATION = "workspace.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "workspace.access.veil.VeiledTemplates",
        "NAME": "django",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workspace.pages.views.common.me",
            ],
        },
    }
]

# `default` is the application's role, which cannot rewrite history; `owner` migrates and maintains, nothing else.
DATABASES = {
    "default": database(ENV.database_url),
    "owner": database(ENV.database_owner_url, "DATABASE_OWNER_URL"),
}
DATABASES["owner"]["CONN_MAX_AGE"] = 0
# Attempts to sign in are counted for all web processes together, calls of the API in each.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_counter"},
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
LISTEN_URL = ENV.listen_url
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

# Signing in (django-allauth): accounts are made by administrators or come from single sign-on
REQUIRE_MFA = listed(ENV.require_mfa)
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = ENV.client_ip_header or None
ACCOUNT_ADAPTER = "workspace.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "workspace.access.forms.SignInForm"}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV.https else "http"
MFA_ADAPTER = "workspace.access.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Throughline"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "workspace.access.adapters.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another host; the state parameter guards the way back
SOCIALACCOUNT_ONLY = False
OIDC = {
    "issuer": ENV.oidc_issuer, "client_id": ENV.oidc_client_id, "secret": ENV.oidc_client_secret,
    "name": ENV.oidc_name, "claim": ENV.oidc_groups_claim, "roles": ENV.oidc_roles,
}  # fmt: skip

STATIC_URL = "/static/"
# Files are served from where they lie: no collecting step stands between a checkout and a running page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = ENV.debug

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENV.https
CSRF_COOKIE_SECURE = ENV.https
CSRF_FAILURE_VIEW = "workspace.pages.views.errors.csrf_failed"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = ENV.max_body_bytes
MAX_IMPORT_BYTES = ENV.max_import_bytes
SECRETS_DIR = listed(ENV.secrets_dir)
SECRETS_ENV = listed(ENV.secrets_env)
if DEMO:  # where the demo keeps the keys of its systems
    SECRETS_DIR += [str(VAR_DIR / "demo" / "keys"), str(VAR_DIR / "peers" / "demo")]

PAGE_DEADLINE_S = ENV.page_deadline_s
GATHER_THREADS = ENV.gather_threads
OUTBOUND_INTERNAL = ENV.outbound_internal

# Mail: `smtp://user:password@host:587?tls=1`; unset, letters are written as files under var/mail
_mail = urlsplit(ENV.email_url)
_mail_options = dict(parse_qsl(_mail.query))
DEFAULT_FROM_EMAIL = ENV.email_from
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.email_url
    else ("django.core.mail.backends.filebased.EmailBackend")
)
EMAIL_FILE_PATH = unquote(_mail.path) if _mail.scheme == "maildir" else str(ENV.var_dir / "mail")
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = _mail_options.get("tls", "0") in ("1", "true", "yes")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
if _mail.scheme == "maildir":  # letters leave as files: the demo's mailbox, or a relay that takes them from there
    EMAIL_BACKEND = "workspace.mail.folders.FolderBackend"
INBOX_URL, INBOX_PASSWORD = ENV.inbox_url, ENV.inbox_password
DEFAULT_QUESTION = ENV.default_question
UNDO_S = ENV.undo_s
REVIEW_SHARE = ENV.review_share
REVIEW_BLIND_SHARE = ENV.review_blind_share
REVIEW_SECOND_SHARE = ENV.review_second_share
ACTION_LIMITS = ENV.action_limits
RETENTION_FILE = ENV.retention_file
LEDGER_KEY = ENV.ledger_key

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workspace.api.auth.Token",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["workspace.permissions.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "workspace.api.errors.problem",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Throughline",
    "DESCRIPTION": "One case, one timeline, every fact.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "workspace.api.docs.whole",
    ],
    "ENUM_NAME_OVERRIDES": {
        name: f"workspace.api.vocabulary.{choices}"
        for name, choices in {
            "CaseState": "CASE_STATES",
            "AnswerState": "ANSWER_STATES",
            "Situation": "SITUATIONS",
            "Flag": "FLAGS",
            "StepState": "STEP_STATES",
            "ValueType": "VALUE_TYPES",
            "WhoActs": "WHO_ACTS",
            "SourceStatus": "SOURCE_STATUSES",
            "SourceState": "SOURCE_STATES",
            "StretchState": "STRETCH_STATES",
            "Breaker": "BREAKERS",
            "Precision": "PRECISIONS",
            "ActorKind": "ACTOR_KINDS",
            "Channel": "CHANNELS",
            "Direction": "DIRECTIONS",
            "MailState": "MAIL_STATES",
            "EntryType": "ENTRY_TYPES",
            "LearnedHow": "LEARNED_HOW",
            "PushStatus": "PUSH_STATUSES",
            "WayToVerify": "WAYS_TO_VERIFY",
            "Question": "QUESTIONS",
            "PromiseState": "PROMISE_STATES",
            "ToldHow": "TOLD_HOW",
            "ToldState": "TOLD_STATES",
            "SaidType": "SAID_TYPES",
            "FindingKind": "FINDING_KINDS",
            "FindingLevel": "FINDING_LEVELS",
            "RecipientHow": "RECIPIENT_HOW",
            "ActionState": "ACTION_STATES",
            "PinKind": "PIN_KINDS",
            "ChosenHow": "CHOSEN_HOW",
            "ReviewRule": "REVIEW_RULES",
            "ReviewVerdictWord": "REVIEW_VERDICTS",
            "ReviewState": "REVIEW_STATES",
            "ReviewOutcome": "REVIEW_OUTCOMES",
            "ReviewAnswerHow": "REVIEW_ANSWERS",
            "CoachingItem": "COACHING_ITEMS",
            "ProblemType": "PROBLEM_URNS",
        }.items()
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "workspace.logs.Masked", "fmt": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if ENV.debug else "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
