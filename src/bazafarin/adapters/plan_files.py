"""The plan as files: ``plan.gpkg`` and ``findings.json`` from one CityPlan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TextIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from bazafarin import __version__
from bazafarin.adapters import wording
from bazafarin.adapters.cells import cells
from bazafarin.domain import solar_hijri
from bazafarin.domain.errors import OutputError
from bazafarin.studies.tables import PARCEL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bazafarin.domain.finding import Citation, Column, Finding, FindingTable
    from bazafarin.studies.city_plan import CityPlan

SCHEMA = "bazafarin.findings/1"
_GEOPACKAGE_FAILED = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)
"""What GDAL's wheel raises when a disk fills up or a file cannot be written."""


def plan_layers(plan: CityPlan) -> dict[str, pd.DataFrame]:
    """Return the layers and tables that the plan writes, by name, in order."""
    layers: dict[str, pd.DataFrame] = {
        "blocks": plan.blocks,
        "passages": plan.passages,
        "services": plan.services,
        "proposed_boundary": plan.proposed_boundary,
    }
    if plan.boundary_changes is not None:
        layers["boundary_changes"] = plan.boundary_changes
    layers["neighbourhoods"] = plan.neighbourhoods
    layers["sensitivity"] = plan.sensitivity
    layers["rejected"] = _rejected(plan)
    if plan.proposals is not None:
        layers |= {name: table.frame for name, table in plan.proposals.tables().items()}
    return layers


def parcel_layer(plan: CityPlan) -> gpd.GeoDataFrame:
    """Return the parcels with what was measured of them; nothing of the people who live there.

    It is a layer for maps alone: a large city has more parcels than a sheet should have rows.
    """
    return plan.parcels[[*PARCEL_COLUMNS, plan.parcels.geometry.name]]


def write_geopackage(plan: CityPlan, path: Path) -> None:
    """Write every layer of the plan, with an ``about`` table that names its origin."""
    options = {
        # GeoPackage stamps each layer with a time; the plan's own day keeps runs the same.
        "OGR_CURRENT_DATE": f"{plan.as_of.isoformat()}T00:00:00.000Z",
        # The file is written aside and moved when it is whole: no need to wait for the disk
        # after each layer, nor for a journal on it.
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
        "OGR_SQLITE_JOURNAL": "MEMORY",
    }
    pyogrio.set_gdal_config_options(options)
    try:
        for name, table in plan_layers(plan).items():
            _write_layer(table, path, name)
        _write_layer(parcel_layer(plan), path, "parcels")
        _write_layer(_about(plan), path, "about")
    except _GEOPACKAGE_FAILED as error:
        raise OutputError("output.geopackage", path=path.name, reason=str(error)) from error
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


_MULTI: Final = (
    shapely.GeometryType.MULTIPOINT,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.MULTIPOLYGON,
)


def _write_layer(table: pd.DataFrame, path: Path, name: str) -> None:
    options: dict[str, Any] = {"layer": name, "driver": "GPKG", "append": path.exists()}
    if isinstance(table, gpd.GeoDataFrame):
        shapes = table.geometry.to_numpy()
        if shapely.is_empty(shapes).sum() + shapely.is_missing(shapes).sum() == len(shapes):
            options["geometry_type"] = "Unknown"
        elif np.isin(shapely.get_type_id(shapes), _MULTI).any():
            options["promote_to_multi"] = True
        pyogrio.write_dataframe(table, path, use_arrow=True, **options)
    else:
        pyogrio.write_dataframe(table, path, **options)


def _rejected(plan: CityPlan) -> pd.DataFrame:
    """Return the rejected rows with their reasons as sentences beside the code."""
    table = plan.rejected.copy()
    problems = {(problem.layer, problem.code): problem for problem in plan.city.problems}
    kinds = list(zip(table["layer"], table["reason"], strict=True))
    for language in wording.LANGUAGES:
        said = {kind: wording.problem_text(problems[kind], language) for kind in set(kinds)}
        table[f"reason_{language}"] = pd.Series([said[kind] for kind in kinds], dtype="str")
    return table


def _about(plan: CityPlan) -> pd.DataFrame:
    facts = {
        "made_by": f"bazafarin {__version__}",
        "name_fa": plan.city.name_fa,
        "synthetic": "true" if plan.city.synthetic else "false",
        "as_of": plan.as_of.isoformat(),
        "as_of_sh": solar_hijri.format_iso_jalali(plan.as_of),
    }
    return pd.DataFrame({"key": list(facts), "value": list(facts.values())})


def write_findings(plan: CityPlan, path: Path) -> None:
    """Write every figure with its unit, rules, clauses, inputs' dates and coverage."""
    dated = {name: source.dated for name, source in plan.city.sources.items()}
    content = {
        "schema": SCHEMA,
        "made_by": f"bazafarin {__version__}",
        "city": plan.city.name_fa,
        "synthetic": plan.city.synthetic,
        "as_of": plan.as_of.isoformat(),
        "as_of_sh": solar_hijri.format_iso_jalali(plan.as_of),
        "crs": plan.city.crs,
        "sources": {
            name: {
                "path": source.path,
                "layer": source.layer,
                "rows": source.rows,
                "used": source.used,
                "crs": source.crs,
                "dated": None if source.dated is None else source.dated.isoformat(),
            }
            for name, source in plan.city.sources.items()
        },
        "rules": {name: _citation(citation) for name, citation in plan.citations.items()},
        "findings": [_finding(finding, plan.citations, dated) for finding in plan.findings],
        "tables": {
            name: _table(table, plan.citations, dated) for name, table in plan.tables.items()
        },
    }
    with path.open("w", encoding="utf-8") as file:
        _write_json(content, file)


def _write_json(content: Mapping[str, Any], file: TextIO) -> None:
    """Write one line an entry of a list: readable, and fast for hundreds of thousands."""

    def write(value: object, depth: int) -> None:
        inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
        if isinstance(value, list) and value:
            file.write("[" + inner + f",{inner}".join(map(_ENCODE, value)) + outer + "]")
        elif isinstance(value, dict) and depth < _DEEPEST:
            for number, (key, entry) in enumerate(value.items()):
                file.write(("," if number else "{") + inner + _ENCODE(key) + ": ")
                write(entry, depth + 1)
            file.write(outer + "}" if value else "{}")
        else:
            file.write(_ENCODE(value))

    write(content, 0)
    file.write("\n")


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_DEEPEST = 3
"""Objects below this depth stand on one line."""


def _citation(citation: Citation) -> dict[str, object]:
    return {
        "title_fa": citation.title_fa,
        "title_en": citation.title_en,
        "value": citation.value,
        "unit": citation.unit,
        "from": citation.valid_from.isoformat(),
        "until": None if citation.valid_until is None else citation.valid_until.isoformat(),
        "instrument": citation.instrument,
        "clause": citation.clause,
        "address": citation.address,
        "certainty": citation.certainty,
        "verified": citation.is_verified,
        "set_by_city": citation.set_by_city,
    }


def _origin(
    rules: Iterable[str],
    inputs: Iterable[str],
    citations: Mapping[str, Citation],
    dated: Mapping[str, object],
) -> dict[str, object]:
    """Return the rules in force with their clauses, and the delivered inputs with their dates."""
    rules = [rule for rule in rules if rule in citations]
    return {
        "rules": rules,
        "clauses": [f"{citations[r].instrument}؛ {citations[r].clause}" for r in rules],
        "inputs": {name: _iso(dated[name]) for name in inputs if name in dated},
    }


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def _finding(
    finding: Finding, citations: Mapping[str, Citation], dated: Mapping[str, object]
) -> dict[str, object]:
    return {
        "id": finding.id,
        "scope": finding.scope,
        "value": finding.value,
        "unit": finding.unit,
        "coverage": finding.coverage,
        **_origin(finding.rules, finding.inputs, citations, dated),
        "formula": finding.formula,
        "facts": dict(finding.facts),
    }


def _table(
    table: FindingTable, citations: Mapping[str, Citation], dated: Mapping[str, object]
) -> dict[str, object]:
    frame = pd.DataFrame(table.frame)  # a plain frame hands out its columns at once
    columns = {column: cells(frame[column]) for column in table.columns}

    def meaning(column: Column) -> dict[str, object]:
        origin = _origin(column.rules, column.inputs, citations, dated)
        return {"unit": column.unit, "formula": column.formula, **origin}

    return {
        "key": list(table.key),
        "columns": {name: meaning(column) for name, column in table.columns.items()},
        "rows": [
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        ],
    }


def without_geometry(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without its shapes."""
    if isinstance(table, gpd.GeoDataFrame):
        return pd.DataFrame(table.drop(columns=table.geometry.name))
    return table
