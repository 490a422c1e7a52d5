"""The plan as the page's data: layers, themes, rules and words; of the city or a neighbourhood."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import shapely

from bazafarin.adapters import persian_text, wording
from bazafarin.adapters.web_map import (
    neighbourhoods,
    packing,
    proposal_themes,
    proposals,
    themes,
)
from bazafarin.adapters.web_map.columns import pack_columns
from bazafarin.adapters.web_map.contents import LeftOut, Limits
from bazafarin.domain.errors import UsageError
from bazafarin.studies import boundary_revision, worn_out_fabric

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from bazafarin.studies.city_plan import CityPlan

_LINES: Final = ("passages",)
_SITES: Final = ("projects", "alternatives")
_NAMED: Final = ("blocks", "neighbourhoods", "projects")
_WORDS: Final = (
    "map.",
    "codes.use.",
    "codes.structure.",
    "codes.quality.",
    "codes.width_source.",
    "codes.level.",
    "codes.index.",
    "codes.service.",
    "priority.criterion.",
    "projects.kind.",
    "units.",
)
_RULES: Final = (
    *worn_out_fabric.SHARE_RULES.values(),
    *(rule for rules in worn_out_fabric.TEST_RULES.values() for rule in rules),
    *worn_out_fabric.COMBINING_RULES,
    *boundary_revision.RULES,
)

BESIDE_M: Final = 15.0
"""A neighbourhood's page shows the passages within so many metres: those its blocks front on."""


def plan_data(
    plan: CityPlan, *, neighbourhood_id: str | None, limits: Limits
) -> tuple[dict[str, Any], tuple[LeftOut, ...]]:
    """Return the page's data and the layers that were left out of it.

    Raises:
        UsageError: no block lies in ``neighbourhood_id``.
    """
    shown = _layers(plan) if neighbourhood_id is None else _inside(plan, neighbourhood_id)
    left_out = tuple(out for name in shown if (out := _left_out(name, shown[name], limits)))
    withheld = {out.layer for out in left_out}
    kept = {
        name: layer for name, layer in shown.items() if layer is not None and name not in withheld
    }
    blocks = kept.get("blocks")
    data = {
        "city": _about(plan, neighbourhood_id),
        "layers": {
            name: _packed(name, layer) | _judged(name, layer, plan) for name, layer in kept.items()
        },
        "themes": [] if blocks is None else [one.as_data() for one in _themes(plan, blocks)],
        "proposals": proposals.summary(plan),
        "rules": _rules(plan),
        "tests": worn_out_fabric.TEST_RULES,
        "left_out": [asdict(out) for out in left_out],
        "words": {language: _words(language) for language in wording.LANGUAGES},
        "steps_a_degree": packing.STEPS_A_DEGREE,
    }
    return data, left_out


def _themes(plan: CityPlan, blocks: gpd.GeoDataFrame) -> list[themes.Theme]:
    """Return every way to colour the blocks; those of the proposals come last."""
    found = themes.themes(plan, blocks)
    if plan.proposals is None:
        return found
    count = int(plan.proposals.priority.blocks["rank"].notna().sum())
    return [*found, *proposal_themes.proposal_themes(blocks, ranked_count=count)]


def _layers(plan: CityPlan) -> dict[str, gpd.GeoDataFrame | None]:
    """Return the layers of the page for the whole city."""
    return {
        "blocks": _blocks(plan),
        "parcels": plan.parcels,
        "passages": plan.passages,
        "neighbourhoods": neighbourhoods.neighbourhoods(plan),
        "approved_boundary": plan.city.approved_boundary,
        "proposed_boundary": plan.proposed_boundary,
        **proposals.project_layers(plan),
    }


def _inside(plan: CityPlan, neighbourhood_id: str) -> dict[str, gpd.GeoDataFrame | None]:
    """Return the layers of one neighbourhood: its blocks and parcels, and what lies at them."""
    layers = _layers(plan)
    for name in ("blocks", "parcels", "neighbourhoods", "projects", "alternatives"):
        layer = layers.get(name)
        if layer is not None:
            layers[name] = layer[layer["neighbourhood_id"] == neighbourhood_id]
    blocks = layers["blocks"]
    if blocks is None or blocks.empty:
        raise UsageError("map.unknown_neighbourhood", neighbourhood_id=neighbourhood_id)
    ground = shapely.buffer(shapely.union_all(blocks.geometry.to_numpy()), BESIDE_M)
    shapely.prepare(ground)
    for name in ("passages", "approved_boundary", "proposed_boundary"):
        layer = layers[name]
        if layer is not None:
            layers[name] = layer[shapely.intersects(ground, layer.geometry.to_numpy())]
    return layers


def _blocks(plan: CityPlan) -> gpd.GeoDataFrame:
    """Return the blocks with what was asked for: their boundary change and their proposals."""
    blocks = proposals.with_block_figures(plan, plan.blocks)
    if plan.boundary_changes is None:
        return blocks
    changes = plan.boundary_changes.set_index("block_id")[["change", "reason"]]
    return blocks.join(changes, on="block_id")


def _left_out(name: str, layer: gpd.GeoDataFrame | None, limits: Limits) -> LeftOut | None:
    """Return why a layer is left out; None where it is shown."""
    if layer is None:
        return LeftOut(name, "not_delivered")
    if layer.empty:
        return LeftOut(name, "empty")
    limit = limits.of(name)
    if limit is not None and len(layer) > limit:
        return LeftOut(name, "too_many", rows=len(layer), limit=limit)
    return None


def _packed(name: str, layer: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return one layer: how many rows, its shape, its public columns, where names go."""
    packed = {
        "rows": len(layer),
        "shape": _shape(name, layer),
        "columns": pack_columns(name, layer),
    }
    if name in _NAMED:
        packed["label_points"] = packing.pack_label_points(layer)
    return packed


def _shape(name: str, layer: gpd.GeoDataFrame) -> packing.Packed:
    """Return a layer's shape; sites that may overlap each other keep every corner."""
    if name in _LINES:
        return packing.pack_lines(layer)
    return packing.pack_polygons(layer, corner_m=0 if name in _SITES else packing.CORNER_M)


def _judged(name: str, layer: gpd.GeoDataFrame, plan: CityPlan) -> dict[str, Any]:
    """Return what the rules make of a layer's rows, so that the page need not judge."""
    if name == "blocks":
        return {"met": themes.indices_met(plan, layer)}
    if name == "passages":
        return {"classes": themes.passage_classes(plan, layer)}
    if name == "neighbourhoods":
        return neighbourhoods.deficits(plan, layer)
    return {}


def _about(plan: CityPlan, neighbourhood_id: str | None) -> dict[str, Any]:
    """Return what the page's head says: place, day, sources, and whether the town is made up."""
    rows = plan.neighbourhoods
    names = rows.loc[rows["neighbourhood_id"] == neighbourhood_id, "name_fa"]
    dated = [source.dated for source in plan.city.sources.values() if source.dated is not None]
    return {
        "name": plan.city.name_fa,
        "neighbourhood": _first_name(names, neighbourhood_id),
        "as_of": persian_text.jalali(plan.as_of, language="en"),
        "dated": persian_text.jalali(max(dated), language="en") if dated else None,
        "sources": sorted({source.path for source in plan.city.sources.values()}),
        "synthetic": plan.city.synthetic,
    }


def _first_name(names: pd.Series[str], neighbourhood_id: str | None) -> str | None:
    known = names.dropna()
    return neighbourhood_id if known.empty else str(known.iloc[0])


def _rules(plan: CityPlan) -> Mapping[str, dict[str, Any]]:
    """Return the rules that a block's answer stands on, as a reader sees them."""
    asked = (*_RULES, *proposals.rules(plan))
    cited = {rule: plan.citations[rule] for rule in asked if rule in plan.citations}
    return {
        rule: {
            "title": {"fa": citation.title_fa, "en": citation.title_en},
            "value": citation.value if isinstance(citation.value, int | float) else None,
            "unit": citation.unit,
            "instrument": citation.instrument,
            "clause": citation.clause,
            "certainty": citation.certainty,
            "verified": citation.is_verified,
            "by_city": citation.set_by_city,
        }
        for rule, citation in cited.items()
    }


def _words(language: wording.Language) -> dict[str, str]:
    """Return the sentences that the page's scripts fill, by key."""
    return {
        key: wording.sentence(key, language)
        for key in sorted(wording.keys(language))
        if key.startswith(_WORDS)
    }
