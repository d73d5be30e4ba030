"""What the environment may set, typed. Every name here is an environment variable in capitals.

Nothing else in the product reads `os.environ` for its configuration. A value that cannot be read stops the start
with a sentence naming the variable. `docs/operators.md` lists the same variables for operators.
"""

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


class Env(BaseSettings):
    """One field per variable; times in seconds."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    # Where things are kept and served
    var_dir: Path = BASE_DIR / "var"
    port: int = Field(8000, ge=1, le=65535)
    base_url: str = ""
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    trusted_origins: str = ""
    secret_key: str = ""
    metrics_token: str = ""
    otel_exporter_otlp_endpoint: str = ""
    debug: bool = False
    demo: bool = False
    demo_weeks: int = Field(12, ge=0, le=12)
    https: bool = False

    # Signing in
    require_mfa: str = ""
    trusted_proxies: int = Field(0, ge=0, le=9)
    client_ip_header: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "single sign-on"
    oidc_groups_claim: str = "groups"
    oidc_roles: str = ""

    # Stores. Empty: the servers that `manage.py demo` has started under `var_dir`
    database_url: str = ""
    database_owner_url: str = ""
    listen_url: str = ""
    broker_url: str = ""
    email_url: str = ""
    email_from: str = "support@localhost"

    # Letters that come in, and how a reply waits
    inbox_url: str = ""
    inbox_password: str = ""
    inbox_tick_s: float = Field(15, gt=0)
    default_question: str = "refund-status"
    undo_s: int = Field(5, ge=0, le=60)
    action_limits: str = "rep 200 EUR, supervisor 2000 EUR"
    retention_file: str = ""
    retention_tick_s: float = Field(3600, gt=0)
    ledger_tick_s: float = Field(600, gt=0)

    # The ledger: what signs its daily anchors
    ledger_key: str = ""

    # Reviews: shares of statements and of reviews, 0 to 1
    review_share: float = Field(0.05, ge=0, le=1)
    review_blind_share: float = Field(0.25, ge=0, le=1)
    review_second_share: float = Field(0.10, ge=0, le=1)

    # Clocks of the work
    review_tick_s: float = Field(60, gt=0)
    measures_tick_s: float = Field(30, gt=0)
    page_deadline_s: float = Field(2.5, gt=0, le=30)
    poll_tick_s: float = Field(15, gt=0)
    sweep_tick_s: float = Field(15, gt=0)
    outbox_tick_s: float = Field(5, gt=0)
    gather_threads: int = Field(32, ge=1, le=512)
    web_threads: int = Field(8, ge=1, le=128)
    outbound_internal: bool = False
    max_body_bytes: int = Field(1_048_576, ge=1024)
    max_import_bytes: int = Field(104_857_600, ge=1024)
    secrets_dir: str = "/run/secrets"
    secrets_env: str = "SOURCE_"


class BadEnvironment(Exception):
    """A variable cannot be used as it is; the sentence says which and what would do."""


@lru_cache(maxsize=1)
def env() -> Env:
    """The environment of this process, with the running embedded servers filled in where nothing is set."""
    try:
        found = Env()  # type: ignore[call-arg]
    except ValidationError as error:
        lines = [f"{'_'.join(map(str, e['loc'])).upper()}: {e['msg']} (got {e['input']!r})" for e in error.errors()]
        raise BadEnvironment("The environment cannot be used: " + "; ".join(lines)) from None
    running = running_servers(found.var_dir)
    found.database_url = found.database_url or running.get("database_url", "")
    found.database_owner_url = (
        found.database_owner_url
        or (running.get("database_owner_url", "") if found.database_url == running.get("database_url") else "")
        or found.database_url
    )
    found.listen_url = found.listen_url or found.database_url
    found.broker_url = found.broker_url or running.get("broker_url", "")
    return found


def running_servers(var_dir: Path) -> dict[str, str]:
    """The URLs of embedded servers that run now, as their owner wrote them to `servers.json`; {} if none run."""
    try:
        kept = json.loads((var_dir / "servers.json").read_text())
        os.kill(int(kept["pid"]), 0)
    except PermissionError:
        pass  # it runs, under another account
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {key: value for key, value in kept.items() if isinstance(value, str)}


def secret_key(found: Env) -> str:
    """The signing key: as set, else one kept in `var/` (demo, debug), else a passing one that E002 complains about."""
    if found.secret_key:
        return found.secret_key
    if not (found.demo or found.debug):
        return secrets.token_urlsafe(50)
    path = found.var_dir / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


def database(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """`postgres://user:password@host:port/name?sslmode=…` as one entry of Django's DATABASES.

    Raises BadEnvironment for any other scheme, since PostgreSQL is the only store.
    """
    parts = urlsplit(url)
    if url and parts.scheme not in ("postgres", "postgresql"):
        raise BadEnvironment(f"{variable} must begin with postgres:// (PostgreSQL is the only store), got {url!r}")
    try:
        port = parts.port
    except ValueError as error:
        raise BadEnvironment(f"{variable}: {error}") from None
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "throughline",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {"connect_timeout": 5, "application_name": "throughline", **options},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def listed(text: str) -> list[str]:
    """A comma separated variable as a list without blanks."""
    return [part.strip() for part in text.split(",") if part.strip()]
