"""A Settings class draws its own form and its own options, and says in sentences what is wrong with what was typed."""

import argparse
from typing import Literal

import pytest
from pydantic import Field

from connectors import sdk
from connectors.sdk.forms import BadFields, fields_of, option_arguments, options_given, settings_from


class Settings(sdk.Settings):
    api_key: str = Field(description="The key, 100 % needed")
    pages: int = Field(10, ge=1, le=50)
    order_is: Literal["reference", "number"] = "reference"
    size: Literal[1, 2] = 1
    read: tuple[Literal["sales", "returns"], ...] = ("sales",)
    note: str | None = None
    own_zone: str = "UTC"


SOUND = {"base_url": "https://wms.example", "api_key": "env:WMS_KEY"}


def problems(**more: str) -> dict[str, str]:
    with pytest.raises(BadFields) as caught:
        settings_from(Settings, {**SOUND, **more})
    return caught.value.problems


def test_each_setting_is_a_field_of_its_kind_and_what_must_be_given_stands_first() -> None:
    fields = {field.name: field for field in fields_of(Settings)}
    assert list(fields)[:2] == ["base_url", "api_key"] and fields["base_url"].label == "Base URL"
    kinds = {name: field.kind for name, field in fields.items()}
    assert kinds == {
        "base_url": "url", "api_key": "secret", "zone": "zone", "internal": "bool", "webhook_secret": "secret",
        "webhook_secret_before": "secret", "pages": "number", "order_is": "choice", "size": "choice", "read": "text",
        "note": "text", "own_zone": "zone",
    }  # fmt: skip
    assert fields["read"].several and fields["read"].choices == ("sales", "returns")
    assert (fields["internal"].default, fields["pages"].default, fields["note"].default) == ("no", "10", "")


def test_sound_texts_become_the_settings_that_differ_from_the_defaults() -> None:
    typed = {**SOUND, "internal": "yes", "pages": "7", "read": "sales, returns", "size": "2", "note": "", "zone": ""}
    found = settings_from(Settings, typed)
    assert found == {**SOUND, "internal": True, "pages": 7, "read": ["sales", "returns"], "size": 2}
    assert Settings(**found).read == ("sales", "returns")


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(BadFields) as caught:
        settings_from(Settings, {})
    assert caught.value.problems == {"base_url": "Fill this in.", "api_key": "Fill this in."}


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("api_key", "env:", "Give a reference"), ("base_url", "wms.example", "https://host/path"),
        ("base_url", "https://me:pw@wms.example", "without a name"), ("zone", "Turku", "is not a time zone"),
        ("internal", "maybe", "yes or no"), ("pages", "900", "50"), ("pages", "many", "a whole number"),
        ("order_is", "nmber", "one of reference, number"), ("read", "sales,cake", "'cake' is not one of"),
        ("api_kye", "x", "did you mean api_key"),
    ],
)  # fmt: skip
def test_what_can_not_work_is_said_at_its_field(name: str, typed: str, said: str) -> None:
    found = problems(**{name: typed})
    assert list(found) == [name] and said in found[name]


def test_a_secret_typed_by_mistake_is_never_repeated() -> None:
    assert "sk_live_1" not in str(problems(api_key="sk_live_1", pages="x"))


def test_each_setting_is_an_option_and_what_was_not_given_is_left_out() -> None:
    parser = argparse.ArgumentParser()
    option_arguments(parser, Settings, but=("zone",))
    parsed = parser.parse_args(["--base-url", SOUND["base_url"], "--api-key", SOUND["api_key"], "--internal"])
    assert options_given(parsed, Settings) == {**SOUND, "internal": "true"}
    assert "--own-zone ZONE" in parser.format_help() and "100 % needed (needed)" in parser.format_help()
