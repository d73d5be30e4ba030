"""Every key that a ``connector.toml`` can have, and what it means. The reference in the docs is made from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator

from connectors.sdk.manifest.fields import (
    FactKind,
    Format,
    HttpPath,
    Kinds,
    PathText,
    Pattern,
    RecordName,
    RequestText,
    RowText,
    RowType,
    Scheme,
    SettingName,
    ValueOf,
    Whole,
    Zone,
    flattened,
    one_of,
    shorthand,
    uses,
    without_secrets,
)
from connectors.sdk.manifest.moments import TimeFormat
from connectors.sdk.manifest.templates import parse

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Part(BaseModel):
    """A table of the manifest."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, frozen=True)


class Setting(Part):
    """A setting of its own. ``name = "help"`` is short for ``name = { help = "help" }``."""

    help: str = Field("", description="What to fill in, for the form and the command line")
    default: str | bool | int | None = Field(None, description="Its value where nothing is given; without it, needed")
    choices: list[str] = Field([], description="The only values that it may have")
    secret: bool = Field(
        False, description="A reference, env:NAME or file:/path; taken for granted where its name ends in key, token, "
        "secret or password",
    )  # fmt: skip


class OAuth2(Part):
    token_url: RequestText = Field(description="Where tokens are fetched: a path of the source, or a whole address")
    client_id: RequestText = Field(description="The client's id")
    client_secret: RequestText = Field(description="The client's secret")
    scope: RequestText = Field(parse(""), description="What to ask for")
    audience: RequestText = Field(parse(""), description="Whom the token is for, where the source wants to know")
    in_body: bool = Field(False, description="Send id and secret as form fields instead of Basic authentication")


class Basic(Part):
    user: RequestText = Field(description="The user's name")
    password: RequestText = Field(description="The password")


class Auth(Part):
    """How the source knows who asks: one of these."""

    bearer: RequestText | None = Field(None, description='`Authorization: Bearer …`, e.g. `"{api_token}"`')
    basic: Basic | None = Field(None, description='`{ user = "{user}", password = "{password}" }`')
    header: dict[str, RequestText] = Field({}, description='Headers, e.g. `{ "X-Api-Key" = "{api_key}" }`')
    query: dict[str, RequestText] = Field({}, description='Parameters of every request, e.g. `{ key = "{api_key}" }`')
    oauth2: OAuth2 | None = Field(None, description="OAuth 2 client credentials; the token is fetched and renewed")

    @model_validator(mode="after")
    def one(self) -> Auth:
        return one_of(self, "bearer", "basic", "header", "query", "oauth2")


class Times(Part):
    """How times are written. A text is short for ``{ format = "…" }``."""

    format: Format = Field("iso", description="`iso`, `unix`, `unix_ms`, `rfc2822`, or a pattern: `%d.%m.%Y %H:%M`")
    zone: Zone = Field("", description="The zone of times without one; without it, that of the source's settings")

    @property
    def how(self) -> TimeFormat:
        return TimeFormat(self.format, self.zone)


class Moment(Part):
    """A time in a row. A text is short for ``{ time = "…" }``."""

    time: RowText = Field(description="The field")
    format: Format | None = Field(None, description="Where it differs from `times`")
    zone: Zone | None = Field(None, description="Where it differs from `times`")


class Version(Part):
    """The source's own order of versions. A text is short for ``{ number = "…" }``."""

    number: RowText | None = Field(None, description="The field, where it is a number")
    time: RowText | None = Field(None, description="The field, where it is a time")
    format: Format | None = Field(None, description="With time: where it differs from `times`")
    zone: Zone | None = Field(None, description="With time: where it differs from `times`")

    @model_validator(mode="after")
    def one(self) -> Version:
        return one_of(self, "number", "time")


class Paging(Part):
    """How a list goes on: one of next, link, cursor, page and offset, with what belongs to it."""

    next: PathText = Field("", description="Path in the body of the next page's address: `links.next`")
    link: bool = Field(False, description="The next page's address stands in the Link header")
    cursor: PathText = Field("", description="Path in the body of what to send as `param` for the next page")
    param: Text = Field("cursor", description="With cursor: the parameter's name")
    more: PathText = Field("", description="With cursor: path of a yes or no, whether there is another page")
    page: str = Field("", description="The parameter that takes the page's number")
    start: int = Field(1, description="With page: the first page's number")
    last: PathText = Field("", description="With page: path of the number of pages")
    offset: str = Field("", description="The parameter that takes the number of items to skip")
    size: str = Field("", description="With page or offset: the parameter that takes how many items to send")
    limit: int = Field(100, ge=1, description="With size: how many to ask for")
    total: PathText = Field("", description="With page or offset: path of the number of items in all")

    @model_validator(mode="after")
    def one(self) -> Paging:
        return one_of(self, "next", "link", "cursor", "page", "offset")


class Request(Part):
    get: HttpPath = Field(description="The address to read, below base_url; values are encoded")
    params: dict[str, RequestText] = Field({}, description="Its query")


    @model_validator(mode="after")
    def no_secret_in_sight(self, info: ValidationInfo) -> Self:
        return without_secrets(self, [self.get, *self.params.values()], info)


class Check(Request):
    """One request that works only with sound settings."""

    says: Text = Field("The source answers.", description="What to tell where it does")


class List(Request):
    items: PathText = Field("", description="Path of the list (`data.returns`); a single object is a list of one")
    record: RecordName = Field(None, description="What the items are, where there is more than one kind of record")
    paging: Annotated[Paging | None, shorthand("link", {"link": True})] = Field(
        None, description='How the list goes on; `"link"` is short for `{ link = true }`; without it, one page'
    )


class Lookup(List):
    """``[lookup.order]``: what the source knows about ``{value}``, the value of a reference ``order:…``."""

    complete: bool = Field(True, description="False where the source may hold more than it shows: `why` says so")
    why: str = Field("", description="With complete = false: the sentence for the rep")
    covers: Kinds | None = Field(
        None, description="The kinds whose absence a complete answer proves; without it, all that the record can say"
    )
    pages: int = Field(20, ge=1, le=100, description="How many pages to read at most; more are told as not complete")

    @model_validator(mode="after")
    def asks(self) -> Self:
        if not uses("value", [self.get, *self.params.values()]):
            raise ValueError("nothing asks about the reference: put {value} into get or params")
        if not self.complete and not self.why:
            raise ValueError("complete = false needs why, a sentence for the rep")
        return self


class Changes(List):
    """What is new: either by ``updated``, a time in each row, or by ``cursor``, which the source gives."""

    updated: Annotated[Moment | None, shorthand("time")] = Field(
        None, description="When the row last changed: the latest of these is `{cursor}`"
    )
    oldest_first: bool = Field(False, description="With updated: rows come oldest first, so each page moves the cursor")
    overlap_s: Whole = Field(0, description="With updated: how many seconds before it are read again, for late rows")
    cursor: PathText = Field("", description="Path in the body of the next `{cursor}`")
    from_now: str = Field("", description="With cursor: what to send at first, to be told only what is new")
    from_start: str = Field("", description="With cursor: what to send to be told everything; makes backfill possible")
    more: PathText = Field("", description="With cursor: path of a yes or no, whether there is more to read now")

    @model_validator(mode="after")
    def goes_on(self) -> Self:
        one_of(self, "updated", "cursor")
        if not uses("cursor", [self.get, *self.params.values()]):
            raise ValueError("nothing asks what is new: put {cursor} into get or params")
        if self.cursor and not self.from_now:
            raise ValueError("cursor needs from_now: what to send at first, to be told only what is new")
        if self.cursor and self.paging:
            raise ValueError("cursor leads from page to page by itself: leave paging out")
        return self


class Signature(Part):
    """How a delivery proves where it comes from."""

    kind: Literal["standard-webhooks", "stripe", "hmac"] = Field(description="The scheme")
    header: Text = Field("X-Signature", description="With hmac: the header that holds the signature of the body")
    algorithm: Literal["sha1", "sha256", "sha512"] = Field("sha256", description="With hmac")
    encoding: Literal["hex", "base64"] = Field("hex", description="With hmac")
    prefix: str = Field("", description="With hmac: what stands before it, e.g. `sha256=`")
    id: str = Field("", description="With hmac: the header that holds the delivery's id")
    stamp: str = Field("", description="With hmac: the header with the time, where `time.body` is signed")


class Receive(Part):
    """What its deliveries mean: they carry rows (``items``), or name what to look up (``look_up``)."""

    signature: Annotated[Signature, shorthand("kind")] = Field(
        description='`"standard-webhooks"`, `"stripe"` or `{ kind = "hmac", header = "X-Signature" }`'
    )
    id: RowText | None = Field(None, description="The field with the delivery's own id, where no header has it")
    type: RowText | None = Field(None, description="The field that says what a delivery is about")
    types: dict[str, str] = Field({}, description='With type: the record of each; `""` for those that say nothing here')
    items: PathText = Field("", description="Path of the rows in the body; without it, the body is the row")
    record: RecordName = Field(None, description="What the rows are, where there is more than one kind of record")
    look_up: dict[Scheme, RowText] = Field({}, description='Instead of rows: `{ return = "{data.rma}" }`')

    @model_validator(mode="after")
    def rows_or_names(self) -> Self:
        if self.look_up and (self.items or self.record or self.type):
            raise ValueError("look_up stands alone: leave items, record and type out")
        if bool(self.type) != bool(self.types) or (self.type and self.record):
            raise ValueError("type and types belong together, in the place of record")
        return self


class Fact(Part):
    """``fact."return.received" = { … }``: the fields of a kind, beside these two."""

    at: Annotated[Moment | None, shorthand("time")] = Field(
        None, description="When it happened. A kind that no status names is said where this field has a value"
    )
    said: RowText | None = Field(None, description="The sentence on the timeline; needed for kinds of your own")
    data: dict[str, ValueOf] = Field({}, description="The kind's own fields, written without `data.`")

    @model_validator(mode="before")
    @classmethod
    def flat(cls, value: Any) -> Any:
        return flattened(value, ("at", "said"), "data")


class Record(Part):
    """``[record.return]``: one kind of row, and the facts that it says."""

    id: RowText = Field(description="What the source calls this row")
    version: Annotated[Version | None, shorthand("number")] = Field(
        None, description="The source's own order of versions: a number, or `{ time = \"…\" }`"
    )
    url: RowText | None = Field(None, description="Where a person opens it; values are encoded")
    refs: dict[Scheme, RowText] = Field(
        min_length=1, description="What it is about; a field that holds a list, or stands in one, gives several"
    )
    status: RowText | None = Field(None, description="The field with its status")
    statuses: dict[str, Kinds] = Field(
        {}, description="What each status says: one kind, or several of which the last is its own and the others must "
        "have come before; `[]` says nothing. A status that is not named is kept as unreadable",
    )  # fmt: skip
    status_at: Annotated[Moment | None, shorthand("time")] = Field(
        None, description="When the present status began: the time of its own kind, where that has no `at`"
    )
    fact: dict[FactKind, Fact] = Field({}, description="The fields of each kind")

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if bool(self.status) != bool(self.statuses):
            raise ValueError("status and statuses belong together")
        if not self.statuses and not self.fact:
            raise ValueError('it says nothing: add statuses, or fact."return.received" = { at = "{received_at}" }')
        return self

    @property
    def kinds(self) -> list[str]:
        """Every kind that such a row can say."""
        return list(dict.fromkeys([*(k for kinds in self.statuses.values() for k in kinds), *self.fact]))


class Manifest(Part):
    """The whole of a ``connector.toml``."""

    title: Text = Field(description="Its name for people")
    domain: Text = Field(description="`order`, `warehouse`, `finance`, `delivery`, `policy`, `messages` …")
    version: Text = Field("1", description="The manifest's own version, as a text")
    identifying: list[Scheme] = Field([], description="Schemes of refs that tie a person surely: `[\"email\"]`")
    patterns: dict[Scheme, Pattern] = Field(
        {}, description="How this source's numbers look in what customers write, by scheme: "
        "`{ order = '48-\\d{4}' }`; a group named `value` where only a part is the number",
    )  # fmt: skip
    times: Annotated[Times, shorthand("format")] = Field(
        Times.model_validate({}), description="How times are written"
    )
    headers: dict[str, RequestText] = Field({}, description="Headers of every request that are no secret")
    settings: dict[SettingName, Annotated[Setting, shorthand("help")]] = Field({}, description="Settings of its own")
    auth: Auth | None = Field(None, description="How the source knows who asks")
    check: Check = Field(description="One request that works only with sound settings")
    lookup: dict[Scheme, Lookup] = Field({}, description="What to ask about each scheme of references")
    changes: Changes | None = Field(None, description="What to poll")
    receive: Receive | None = Field(None, description="What its deliveries mean")
    record: dict[RowType, Record] = Field(min_length=1, description="The kinds of rows, and what they say")
