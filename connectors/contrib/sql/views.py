"""Which views are read, and what their rows mean: ``[record.…]`` as in a manifest, with four keys more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from connectors.sdk.manifest.fields import RowType, Scheme
from connectors.sdk.manifest.mapping import Mapping
from connectors.sdk.manifest.schema import Record

Column = Annotated[str, StringConstraints(min_length=1, max_length=63, pattern=r"^[^\x00]+$")]


class View(Record):
    """``[record.refund]``: one view or table. Its columns are the fields of its rows."""

    view: Annotated[str, StringConstraints(pattern=r"^[^\x00.]{1,63}(\.[^\x00.]{1,63})?$")] = Field(
        description="The view, with its schema: `reporting.refunds`"
    )
    updated: Column | None = Field(
        None, description="The column with the time at which a row last changed; without it, the view is not polled"
    )
    ask: dict[Scheme, Column] = Field(
        {}, description="What it can be asked about, and the column to look in; without it, each ref that is one column"
    )
    complete: bool = Field(True, description="False where the view leaves out rows: then absences are never told")

    @model_validator(mode="after")
    def has_a_key(self) -> View:
        if self.id.whole is None or len(self.id.whole) != 1:
            raise ValueError('id must be one column, such as id = "{refund_no}": rows are read in its order')
        return self

    @property
    def key(self) -> str:
        """The column that tells rows apart."""
        assert self.id.whole is not None
        return self.id.whole[0]

    @property
    def columns(self) -> dict[str, str]:
        """The column to look in, by scheme."""
        single = {scheme: t.whole[0] for scheme, t in self.refs.items() if t.whole and len(t.whole) == 1}
        return dict(self.ask) or single


class Views(Mapping):
    record: dict[RowType, View] = Field(min_length=1, description="The views, by the type of record that they hold")  # type: ignore[assignment]
