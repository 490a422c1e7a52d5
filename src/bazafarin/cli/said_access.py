"""What a person reads of access: the city by service, its neighbourhoods, who is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.cli.said_table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language

_OF_CITY: Final = ("service", "radius_m", "facilities", "people", "within", "share", "no_way")
_OF_CAPACITY: Final = ("service", "served", "left_out", "capacity_coverage", "proof")


def access(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say who is within the radius of what, how deep a hose must go, and who finds no room."""
    yield _said("title", language, city=result["city"])
    if result["synthetic"]:
        yield wording.text("cli.synthetic", language)
    yield from _situation(result, language)
    yield ""
    yield from _city(result, language)
    yield ""
    yield from _neighbourhoods(result, language)
    if result["allocations"] is None:
        yield _said("no_capacity", language)
    else:
        yield ""
        yield from _capacity(result["allocations"], language)
    seconds = round(sum(result["seconds"].values()), 1)
    yield wording.text("cli.seconds_total", language, seconds=seconds)


def _situation(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what makes the figures say less: no network, parts of it, nobody, no facility."""
    found = {name.removeprefix("access."): f["value"] for name, f in result["findings"].items()}
    if found["network_length_m"] is None:
        yield _said("no_network", language)
        return
    yield _said("network", language, km=found["network_length_m"] / 1000)
    if result["passages_derived"]:
        yield _said("derived", language)
    if found["network_parts"] > 1:
        yield _said(
            "parted", language, parts=found["network_parts"], share=found["largest_part_share"]
        )
    joined = found["parcels_joined_share"]
    if joined is not None and joined < 1:
        yield _said("not_joined", language, share=1 - joined)
    if not found["people"]:
        yield _said("people_unknown" if found["people"] is None else "nobody", language)
    if found["people_without_parcel"]:
        yield _said("people_without_parcel", language, count=found["people_without_parcel"])
    missing = {row["service"] for row in result["services"] if row["facilities"] == 0}
    if missing:
        names = [wording.label("service", name, language) for name in sorted(missing)]
        yield _said("no_facility", language, services=names)


def _city(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say each service over the whole city."""
    rows = []
    for service, radius in result["radius_m"].items():
        of = [row for row in result["services"] if row["service"] == service]
        people, within, no_way = (
            _sum(of, name) for name in ("people", "people_within", "people_without_way")
        )
        share = within / people if people and within is not None else None
        rows.append(
            [
                wording.label("service", service, language),
                _figure("whole", radius, language),
                _figure("whole", of[0]["facilities"] if of else None, language),
                _figure("whole", people, language),
                _figure("whole", within, language),
                _figure("share", share, language),
                _figure("whole", no_way, language),
            ]
        )
    yield from table([_title(name, language) for name in _OF_CITY], rows, language)


def _neighbourhoods(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say the share within each radius, a neighbourhood a row and a service a column."""
    yield _said("by_neighbourhood", language)
    services = list(result["radius_m"])
    share = {(r["neighbourhood_id"], r["service"]): r["within_share"] for r in result["services"]}
    titles = [_title("neighbourhood", language), _title("people", language)]
    titles += [wording.label("service", name, language) for name in services]
    titles += [_title(name, language) for name in ("all", "hose", "no_frontage")]
    rows = [
        [
            _said("code", language, value=result["names"][area["neighbourhood_id"]] or name),
            _figure("whole", area["people"], language),
            *(_figure("share", share[name, service], language) for service in services),
            _figure("share", area["within_all_share"], language),
            _figure("whole", area["people_beyond_hose"], language),
            _figure("whole", area["parcels_without_frontage"], language),
        ]
        for area in result["neighbourhoods"]
        for name in [area["neighbourhood_id"]]
    ]
    yield from table(titles, rows, language)


def _capacity(allocations: list[dict[str, Any]], language: Language) -> Iterator[str]:
    """Say who finds room, and what proves that no more could."""
    yield _said("by_capacity", language)
    rows = [
        [
            wording.label("service", row["service"], language),
            _figure("whole", row["served"], language),
            _figure("whole", row["left_out"], language),
            _figure("share", row["capacity_coverage"], language),
            _proof(row, language),
        ]
        for row in allocations
    ]
    yield from table([_title(name, language) for name in _OF_CAPACITY], rows, language)


def _proof(row: dict[str, Any], language: Language) -> str:
    if row["gap"] > 0:
        return _said("gap", language, gap=row["gap"])
    return _said("proved" if row["is_least_walking"] else "most_proved", language)


def _sum(rows: list[dict[str, Any]], name: str) -> float | None:
    """Return the sum of what is known; None where nothing is."""
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known) if known else None


def _figure(how: str, value: float | None, language: Language) -> str:
    return _said(how, language, value=value)


def _title(name: str, language: Language) -> str:
    return wording.sentence(f"access.column.{name}", language)


def _said(key: str, language: Language, /, **facts: object) -> str:
    return wording.text(f"access.said.{key}", language, **facts)
