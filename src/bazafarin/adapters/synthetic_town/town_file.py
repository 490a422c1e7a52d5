"""A town as a city file: a GeoPackage, with the truth beside it as JSON."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from bazafarin import __version__
from bazafarin.adapters.plan_folder import writing
from bazafarin.adapters.synthetic_town.layers import names
from bazafarin.adapters.synthetic_town.town import Town, build_town
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.adapters.synthetic_town.truth import Truth


_WRITING_FAILED = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)


def write_town(
    out: Path, *, parcels: int, seed: int, on_stage: Callable[[str], None] | None = None
) -> Truth:
    """Write a town to ``out`` and its truth beside it; both appear whole, or not at all.

    Args:
        out: the GeoPackage; the truth of ``FILE.gpkg`` is ``FILE.truth.json``.
        parcels: how many parcels, exactly (1,000 to 1,000,000).
        seed: what the town grows from.
        on_stage: told each stage as it begins: those of ``build_town``, then ``writing``.

    Raises:
        UsageError: the number of parcels is out of range.
        OutputError: the files cannot be written; what was there before is untouched.
    """
    town = build_town(parcels=parcels, seed=seed, on_stage=on_stage)
    if on_stage:
        on_stage("writing")
    with writing(out), tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.stem}.") as aside:
        city, told = Path(aside, "town.gpkg"), Path(aside, "town.truth.json")
        try:
            _write_layers(city, town, parcels=parcels, seed=seed)
        except _WRITING_FAILED as error:
            raise OutputError("output.not_written", path=str(out), reason=str(error)) from error
        told.write_text(town.truth.to_json(), encoding="utf-8")
        told.replace(out.with_suffix(".truth.json"))
        city.replace(out)
    return town.truth


def _write_layers(path: Path, town: Town, *, parcels: int, seed: int) -> None:
    for name, frame in town.frames.items():
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", use_arrow=True)
    about = {
        "synthetic": "true",
        "name_fa": names().town,
        "made_by": f"bazafarin {__version__}",
        "seed": str(seed),
        "parcels": str(parcels),
    }
    table = pd.DataFrame({"key": list(about), "value": list(about.values())})
    pyogrio.write_dataframe(table, path, layer="about", driver="GPKG")
