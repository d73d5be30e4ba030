"""The words of ``[record.…]`` for rows that come another way than over HTTP: from a view, from a file."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self, TypeVar, cast

from pydantic import AfterValidator, Field, ValidationError, model_validator

from connectors.sdk.connector import Settings
from connectors.sdk.manifest.fields import Known, RowType, shorthand
from connectors.sdk.manifest.positions import lines_of
from connectors.sdk.manifest.problems import ManifestError, of_syntax, of_validation
from connectors.sdk.manifest.schema import Part, Record, Times

MAX_BYTES = 200_000


class Mapping(Part):
    """What rows mean. Subclass it with a Record of one's own, which says where the rows are."""

    times: Annotated[Times, shorthand("format")] = Field(
        default_factory=lambda: Times.model_validate({}), description="How times are written"
    )
    record: dict[RowType, Record] = Field(min_length=1, description="The kinds of rows, and what they say")


class MappedSettings(Settings):
    """Settings of a source that is not asked over HTTP."""

    base_url: str = Field("", description="Not needed: it is not asked over HTTP")

    @model_validator(mode="after")
    def addressed(self) -> Self:
        self.base_url = self.base_url or "http://localhost"  # the host binds every connector to an address
        return self


M = TypeVar("M", bound=Mapping)


def sound_for(model: type[Mapping]) -> AfterValidator:
    """For a setting that holds a mapping: ``views: Annotated[str, sound_for(Views)]``."""

    def sound(given: str) -> str:
        mapping_of(given, model)
        return given

    return AfterValidator(sound)


def mapping_of(given: str, model: type[M]) -> M:
    """A mapping from its text, or from the ``.toml`` file whose whole path is given.

    Raises ManifestError (a ValueError) with every problem and its line.
    """
    if not given.endswith(".toml") or "\n" in given:
        return _parsed(given, model, "the mapping")
    path = Path(given)
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MAX_BYTES + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{given} can't be read ({type(error).__name__}): give the whole path of a file here."
        ) from None
    if len(text) > MAX_BYTES:
        raise ValueError(f"{given} is larger than {MAX_BYTES} characters.")
    return _parsed(text, model, path.name)


def _parsed(text: str, model: type[M], name: str) -> M:
    return cast(M, _kept(text, model, name))


@lru_cache(maxsize=100)
def _kept(text: str, model: type[Mapping], name: str) -> Mapping:
    text = text.replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ManifestError(name, [of_syntax(text, str(error))]) from None
    try:
        return model.model_validate(raw, context=Known.of(raw))
    except ValidationError as error:
        raise ManifestError(name, of_validation(error, lines_of(text))) from None
