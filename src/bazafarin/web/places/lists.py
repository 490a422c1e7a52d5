"""The lists of places as files: parcels, the rows of a change, editions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.domain.city import Kind
from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import language, said
from bazafarin.web.places.seen_columns import seen_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bazafarin.domain.city import ColumnSpec
    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Edition
    from bazafarin.web.places.seen_columns import SeenColumn

_KINDS: Final[Mapping[Kind, type[float | int | bool]]] = {
    Kind.NUMBER: float,
    Kind.WHOLE: int,
    Kind.YEAR_SH: int,
    Kind.BOOLEAN: bool,
}


def layer_listing(user: User, city: City, layer: str) -> Listing:
    """Return the rows of a layer with the columns that somebody sees, at the rows they see."""
    return Listing(
        name=layer,
        title=wording.label("layer", layer, language()),
        columns=[_column(seen) for seen in seen_columns(user, city, layer)],
        crs=city.crs,
        shape=lambda row: row.geometry,
    )


def editions_listing(_city: City) -> Listing:
    """Return the editions of a city."""

    def of(name: str, value: Callable[[Edition], Any], **more: Any) -> ListColumn:  # noqa: ANN401 - the column's own
        return ListColumn(name, said(f"web_places.{name}"), value, **more)

    return Listing(
        name="editions",
        title=said("web_places.editions"),
        columns=[
            of("number", lambda each: each.number, kind=int),
            of("dated", lambda each: each.dated),
            of("kind", lambda each: each.kind, say=lambda kind: said(f"web_places.kinds.{kind}")),
            of(
                "state",
                lambda each: each.state,
                say=lambda state: said(f"web_places.states.{state}"),
            ),
            of("made_by", lambda each: None if each.made_by is None else str(each.made_by)),
            of("note", lambda each: each.note),
        ],
    )


def _column(seen: SeenColumn) -> ListColumn:
    kind = _KINDS.get(seen.spec.kind, str)

    def value(row: Any) -> Any:  # noqa: ANN401 - a row of any layer
        held = getattr(row, seen.field) if seen.sight.covers(row.in_neighbourhood_id) else None
        return held if held is None or seen.spec.kind is Kind.DATE else kind(held)

    title = said(f"web_interfaces.column.{seen.name}")
    return ListColumn(seen.name, title, value, kind=kind, say=_words_for(seen.spec))


def _words_for(spec: ColumnSpec) -> Callable[[Any], str] | None:
    if spec.codes is None:
        return None
    of = spec.name.removesuffix("_plan")
    return lambda code: wording.label(of, str(code), language())
