"""Writes ``map.html``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.web_map.assembly import page
from bazafarin.adapters.web_map.contents import Limits, MapContents
from bazafarin.adapters.web_map.plan_data import plan_data
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.studies.city_plan import CityPlan


def write_map(
    plan: CityPlan,
    path: Path,
    *,
    neighbourhood_id: str | None = None,
    limits: Limits | None = None,
) -> MapContents:
    """Write the plan's page to ``path`` and return what it holds.

    The file is written aside and renamed, so that a page that was there stays whole until
    the new one is.

    Args:
        plan: the plan, of the whole city.
        path: the file to write.
        neighbourhood_id: show this neighbourhood alone.
        limits: the most rows of a layer; a layer above its limit is left out and named.

    Raises:
        UsageError: there is no such neighbourhood.
        OutputError: the file could not be written.
    """
    data, left_out = plan_data(plan, neighbourhood_id=neighbourhood_id, limits=limits or Limits())
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(page(data), "utf-8")
        size_bytes = aside.stat().st_size
        aside.replace(path)
    except OSError as error:
        raise OutputError("output.not_written", path=str(path), reason=str(error)) from error
    finally:
        aside.unlink(missing_ok=True)
    rows = {name: layer["rows"] for name, layer in data["layers"].items()}
    return MapContents(path, size_bytes, rows, left_out)
