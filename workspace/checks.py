"""System checks: what would go wrong later is said at the start, with an id and what to do."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from cases.selectors import questions_known
from cases.selectors.catalogue import question_problems
from cases.selectors.erasing import policy_problem
from cases.services import limits_problem
from cases.services.ledger import ledger_problem
from connectors.sdk import BadSettings
from workspace.access.oidc import problem as roles_problem
from workspace.env import env
from workspace.mail.place import place_read
from workspace.rights import ROLES


@register(Tags.compatibility)
def stores(**_: Any) -> list[CheckMessage]:
    """E001 no database, E003 a broker nobody can reach by that URL, W001 one role for both, W002 no broker."""
    found = env()
    messages: list[CheckMessage] = []
    if not settings.DATABASES["default"]["USER"]:
        messages.append(
            Error(
                "No database: DATABASE_URL is not set and no embedded server runs here.",
                hint="Run `make demo`, or set DATABASE_URL=postgres://app:password@host:5432/throughline.",
                id="throughline.E001",
            )
        )
    elif settings.DATABASES["default"]["USER"] == settings.DATABASES["owner"]["USER"]:
        messages.append(
            Warning(
                "The application uses the role that owns the tables, so only triggers protect history.",
                hint="Give the application a role of its own in DATABASE_URL, the owner's in DATABASE_OWNER_URL.",
                id="throughline.W001",
            )
        )
    scheme = urlsplit(found.broker_url).scheme
    if not scheme:
        messages.append(
            Warning(
                "No broker: BROKER_URL is not set, so nothing is polled or sent in the background.",
                hint="Run `make demo`, or set BROKER_URL=redis://host:6379/0 or amqp://user:password@host//.",
                id="throughline.W002",
            )
        )
    elif scheme not in ("redis", "rediss", "redis+socket", "amqp", "amqps", "memory"):
        messages.append(
            Error(
                f"BROKER_URL begins with {scheme}://, which no worker here can reach.",
                hint="Use redis:// (Redis or Valkey) or amqp:// (RabbitMQ).",
                id="throughline.E003",
            )
        )
    return messages


@register(Tags.compatibility)
def letters(**_: Any) -> list[CheckMessage]:
    """E004 a mailbox that can't be read as it is set, E005 limits that can't be read, E006 no such question."""
    messages: list[CheckMessage] = []
    try:
        place_read(settings.INBOX_URL, settings.INBOX_PASSWORD)
    except BadSettings as error:
        messages.append(Error(str(error), hint="docs/mail.md shows how a mailbox is named.", id="throughline.E004"))
    if problem := limits_problem(settings.ACTION_LIMITS):
        hint = "Set it like this: ACTION_LIMITS='rep 200 EUR, supervisor 2000 EUR'."
        messages.append(Error(f"ACTION_LIMITS: {problem}", hint=hint, id="throughline.E005"))
    known = questions_known()
    if settings.DEFAULT_QUESTION not in known:
        there = ", ".join(known)
        said = f"DEFAULT_QUESTION: there is no question {settings.DEFAULT_QUESTION[:60]!r}."
        messages.append(Error(said, hint=f"Use one of: {there}.", id="throughline.E006"))
    for name, problem in question_problems().items():
        said = f"The question {name} was left out. {problem}"
        messages.append(Warning(said, hint="docs/questions.md shows what a question needs.", id="throughline.W007"))
    return messages


@register(Tags.security)
def signing(**_: Any) -> list[CheckMessage]:
    """E010 a ledger's key that can't be read, W010 none in production."""
    hint = "Make one with `openssl genpkey -algorithm ed25519` and set LEDGER_KEY=file:/run/secrets/ledger.pem."
    if problem := ledger_problem():
        return [Error(problem, hint=hint, id="throughline.E010")]
    if not (settings.LEDGER_KEY or settings.DEBUG or settings.DEMO):
        said = "LEDGER_KEY is not set: days are digested and never signed, so history proves less than it could."
        return [Warning(said, hint=hint, id="throughline.W010")]
    return []


@register
def retention(**_: Any) -> list[CheckMessage]:
    """E011 rules of retention that can't be read."""
    problem = policy_problem()
    return [Error(problem, hint="docs/retention.md shows it.", id="throughline.E011")] if problem else []


@register(Tags.security)
def secrets(**_: Any) -> list[CheckMessage]:
    """E002 a server without a lasting key, W003 a demo that answers to everyone."""
    found = env()
    messages: list[CheckMessage] = []
    if not (found.secret_key or found.demo or found.debug):
        messages.append(
            Error(
                "SECRET_KEY is not set: sessions would end with the process.",
                hint="Set it to 50 random characters, the same for every process (DEBUG=1 is enough while developing).",
                id="throughline.E002",
            )
        )
    if found.demo and "*" in settings.ALLOWED_HOSTS:
        messages.append(
            Warning(
                "The demo, with its known passwords, answers to any host name.",
                hint="Leave ALLOWED_HOSTS alone for a demo, or run without DEMO.",
                id="throughline.W003",
            )
        )
    return messages


@register(Tags.security)
def sign_in(**_: Any) -> list[CheckMessage]:
    """E008 a role that there is not, E009 single sign-on that can't work, W009 single sign-on without encryption."""
    messages: list[CheckMessage] = []
    if unknown := sorted(set(settings.REQUIRE_MFA) - ROLES):
        said = f"REQUIRE_MFA names {unknown[0]!r}, which is no role."
        messages.append(Error(said, hint=f"Use any of: {', '.join(sorted(ROLES))}.", id="throughline.E008"))
    found = settings.OIDC
    if not found["issuer"]:
        return messages
    if not (found["client_id"] and found["secret"].startswith(("env:", "file:/"))):
        said = "Single sign-on lacks OIDC_CLIENT_ID, or OIDC_CLIENT_SECRET is no reference."
        messages.append(Error(said, hint="Set OIDC_CLIENT_SECRET=file:/run/secrets/oidc.", id="throughline.E009"))
    elif wrong := roles_problem(found["roles"]):
        messages.append(Error(f"OIDC_ROLES: {wrong}", hint="docs/access.md shows it.", id="throughline.E009"))
    if urlsplit(found["issuer"]).scheme != "https":
        said = "OIDC_ISSUER is not https, so whoever stands between can sign in as anybody."
        messages.append(Warning(said, hint="Use the provider's https address.", id="throughline.W009"))
    return messages
