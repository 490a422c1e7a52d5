"""A delivery read, compared and staged: an edition that nobody sees until it is accepted.

Its new rows begin with its number, and what they replace ends with it. The number becomes
current in one step, so nobody ever sees a part of it, and whoever stops it in the middle leaves
rows that hold in no edition; ``discard`` removes them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyproj
from django.conf import settings
from django.db import transaction

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.plan_folder import written_aside
from bazafarin.adapters.reading_report import in_short, write_reading_report
from bazafarin.domain.city import LAYERS, City
from bazafarin.domain.errors import DeliveryError
from bazafarin.standards import Standards
from bazafarin.studies.placing import place_city
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.places import changes, models
from bazafarin.web.places.layers import TABLES, city_of, rows_of
from bazafarin.web.places.loading import ROWS_AT_ONCE, check_lengths, count_anew, load
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.same_corners import with_known_corners

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bazafarin.studies.placing import PlacedCity

STAGES: Final = tuple(
    f"web_places.stage.{name}" for name in ("read", "place", "compare", "stage", "succession")
)
"""The stages that ``on_stage`` is told of, in order."""
_REPORT: Final = ("reading_report.html", "reading_report.json")


def edition_folder(edition: models.Edition) -> Path:
    """Return the folder of an edition's files: what was delivered and how it was read."""
    folder: Path = settings.DATA_FOLDER / "editions" / str(edition.pk)
    return folder


def prepare(edition: models.Edition, *, on_stage: Callable[[str], None]) -> dict[str, object]:
    """Read and stage the delivery of ``edition``; return the counts of its changes.

    Raises:
        DeliveryError, MappingError: the delivery cannot be used; its report is kept.
    """
    on_stage(STAGES[0])
    folder = edition_folder(edition)
    city = _read(edition, folder)
    on_stage(STAGES[1])
    within_m = float(
        Standards.national().value("corrections.same_point_within", as_of=edition.dated)
    )
    city = with_known_corners(
        edition.city, _in_the_citys_system(edition.city, city), within_m=within_m
    )
    whole = _with_layers_that_stay(edition.city, city)
    placed = place_city(whole, standards=Standards.national(), as_of=edition.dated)
    places = _places_of(edition.city, placed)
    srid = pyproj.CRS(city.crs).to_epsg() or 0
    _describe(edition, city, srid)
    on_stage(STAGES[2])
    made = rows_of(whole, placed, places, srid=srid)
    for name, rows in made.items():
        check_lengths(name, TABLES[name], rows)
    found = {
        name: changes.layer_changes(TABLES[name], edition.city, rows)
        for name, rows in made.items()
        # what a delivery does not have stays as it is
        if name in ("parcels", "blocks") or getattr(city, name) is not None
    }
    found["parcels"] = changes.with_renumbered(found["parcels"], made["parcels"], made["blocks"])
    on_stage(STAGES[3])
    for name, layer in found.items():
        _stage(edition, name, layer, made[name])
        count_anew(TABLES[name])
    on_stage(STAGES[4])
    told = _successions(edition, found["parcels"], made["parcels"])
    counts: dict[str, object] = {name: layer.counts() for name, layer in found.items()}
    counts["succession"] = told
    with transaction.atomic():
        edition.changes = counts
        edition.state = EditionState.PREPARED
        edition.save(update_fields=["changes", "state"])
    return {"edition": edition.pk}


def discard(edition: models.Edition) -> None:
    """Remove what was staged of an edition that is not accepted."""
    number, city = edition.number, edition.city
    if city.current >= number:
        raise ValueError(f"edition {edition} is accepted")
    for table in TABLES.values():
        with transaction.atomic():
            table.objects.filter(city=city, since=number).delete()
            table.objects.filter(city=city, until=number).update(until=None)
    edition.successions.all().delete()
    _remove_places_of_nothing(city)
    if not city.current:
        # the system was that of a delivery that is none
        city.crs, city.srid = "", 0
        city.save(update_fields=["crs", "srid"])


def _remove_places_of_nothing(city: models.City) -> None:
    """Remove the neighbourhoods that a delivery brought and nobody and nothing is at."""
    added = AuditEvent.objects.filter(action="place.added", subject_kind="place")
    for place in models.Place.objects.filter(
        parent=city.place,
        kind=PlaceKind.NEIGHBOURHOOD,
        memberships=None,
        target_areas=None,
        children=None,
    ).exclude(pk__in=[int(number) for number in added.values_list("subject_id", flat=True)]):
        if not any(
            table.objects.filter(in_neighbourhood=place).exists() for table in TABLES.values()
        ):
            place.delete()


def _read(edition: models.Edition, folder: Path) -> City:
    """Read what was delivered, and keep the report whether or not it can be used."""
    files = edition.files
    mapping = folder / files["mapping"] if files.get("mapping") else None
    title = edition.city.place.name_fa
    try:
        city = read_city(folder / files["delivery"], mapping=mapping)
    except DeliveryError as error:
        with written_aside(folder, names=_REPORT) as aside:
            write_reading_report(error.problems, {}, title=title, folder=aside)
        raise
    with written_aside(folder, names=_REPORT) as aside:
        write_reading_report(
            city.problems, city.sources, title=title, folder=aside, synthetic=city.synthetic
        )
    return city


def _in_the_citys_system(known: models.City, city: City) -> City:
    """Return the city in the coordinate system that its earlier editions have."""
    if not known.crs or pyproj.CRS(known.crs) == pyproj.CRS(city.crs):
        return city
    moved = {
        name: getattr(city, name).to_crs(known.crs)
        for name in LAYERS
        if getattr(city, name) is not None
    }
    return replace(city, crs=known.crs, **moved)


def _with_layers_that_stay(known: models.City, city: City) -> City:
    """Return the city with the layers that this delivery does not have as they are now."""
    if not known.current:
        return city
    missing = [name for name in LAYERS if getattr(city, name) is None]
    if not missing:
        return city
    now = city_of(known, known.current, name_fa=city.name_fa)
    return replace(city, **{name: getattr(now, name) for name in missing})


def _places_of(city: models.City, placed: PlacedCity) -> dict[str, int]:
    """Return the place of each neighbourhood; what the tree does not have yet is added to it."""
    known = dict(
        models.Place.objects.filter(
            path__startswith=city.place.path, kind=PlaceKind.NEIGHBOURHOOD
        ).values_list("code", "pk")
    )
    named = placed.neighbourhoods
    check_lengths(
        "neighbourhoods",
        models.Place,
        pd.DataFrame({"code": named["neighbourhood_id"], "name_fa": named["name_fa"]}),
    )
    for code, name in zip(named["neighbourhood_id"], named["name_fa"], strict=True):
        if code not in known:
            place = models.Place.objects.create(
                kind=PlaceKind.NEIGHBOURHOOD,
                parent=city.place,
                code=code,
                name_fa=code if pd.isna(name) else name,
            )
            known[code] = place.pk
    return known


def _describe(edition: models.Edition, city: City, srid: int) -> None:
    """Write down where the edition comes from; a first one gives the city its system."""
    with transaction.atomic():
        edition.is_synthetic = city.synthetic
        edition.sources = {
            name: {
                "path": source.path,
                "layer": source.layer,
                "rows": source.rows,
                "used": source.used,
                "crs": source.crs,
                "dated": None if source.dated is None else source.dated.isoformat(),
            }
            for name, source in city.sources.items()
        }
        edition.problems = [in_short(problem) for problem in city.problems]
        edition.save(update_fields=["is_synthetic", "sources", "problems"])
        if not edition.city.crs:
            edition.city.crs, edition.city.srid = city.crs, srid
            edition.city.save(update_fields=["crs", "srid"])


def _stage(
    edition: models.Edition, name: str, layer: changes.LayerChanges, rows: pd.DataFrame
) -> None:
    """Let what is replaced end with the edition's number, and write its rows from there on."""
    table = TABLES[name]
    ended = np.concatenate([layer.replaced, layer.vanished])
    for begin in range(0, len(ended), 500):  # SQLite takes so many names at once
        some = ended[begin : begin + 500].tolist()
        table.objects.filter(pk__in=some).update(until=edition.number)
    positions = np.sort(np.concatenate([layer.new, layer.changed]))
    coming = rows.iloc[positions].assign(city_id=edition.city_id, since=edition.number)
    if name == "parcels":
        coming["is_renumbered"] = np.isin(positions, layer.renumbered)
    load(table, coming)


def _successions(
    edition: models.Edition, layer: changes.LayerChanges, rows: pd.DataFrame
) -> dict[str, int]:
    """Write which parcels were split, merged and renamed, and return how many pairs of each."""
    share = float(Standards.national().value("editions.overlap_share", as_of=edition.dated))
    pairs = changes.successions(models.Parcel, layer, rows, overlap_share=share)
    models.Succession.objects.bulk_create(
        [
            models.Succession(edition=edition, old=old, new=new, kind=kind, common_m2=common_m2)
            for old, new, kind, common_m2 in pairs.itertuples(index=False)
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return {str(kind): int(count) for kind, count in pairs["kind"].value_counts().items()}
