"""Setting up a source: what can't work, or must not be kept, is refused before anything is saved."""

import pytest

from connectors.host.errors import BadSource
from connectors.host.models import Source
from connectors.host.services import source_save
from connectors.sdk import BadSettings
from connectors.sdk.secrets import names_secret, secret_resolve
from workspace.env import Env


def ledger_with(password: str) -> Source:
    return source_save(
        name="ledger", title="Ledger", connector="demo_finance", domain="finance", freshness_s=60,
        settings={"base_url": "https://ledger.example", "password": password},
    )  # fmt: skip


def test_a_secret_itself_is_never_kept(db: None) -> None:
    with pytest.raises(BadSource, match="password: give a reference") as refused:
        ledger_with("hunter2-hunter2")
    assert "hunter2" not in str(refused.value)
    assert not Source.objects.exists()


def test_a_reference_to_a_secret_is_kept_as_it_is(db: None) -> None:
    assert ledger_with("env:LEDGER_KEY").settings["password"] == "env:LEDGER_KEY"


def test_settings_that_hold_secrets_are_known_by_their_names() -> None:
    assert all(map(names_secret, ["key", "api_key", "password", "client_secret", "access_token", "apikey"]))
    assert not any(map(names_secret, ["order_key", "base_url", "user", "keyed", "tokens_at_once", "number_prefix"]))


def test_no_source_can_be_given_the_products_own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {name.upper() for name in Env.model_fields if name.endswith(("_url", "_key", "_token"))} - {"BASE_URL"}
    for name in (*ours, "PGPASSWORD"):
        monkeypatch.setenv(name, "something-of-ours")
        with pytest.raises(BadSettings, match="the product's own"):
            secret_resolve(f"env:{name}")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_1")
    assert secret_resolve("env:STRIPE_SECRET_KEY") == "sk_1"
