"""What a person reads when a command is done, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.adapters import wording
from bazafarin.adapters.persian_text import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language


def plan(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say the plan's headlines, how long each stage took and where each output lies."""
    yield wording.text("cli.plan_done", language, city=result["city"])
    if result["synthetic"]:
        yield wording.text("cli.synthetic", language)
    for name, finding in result["findings"].items():
        yield "  " + _headline(name, finding["value"], finding["unit"], language)
    if result["why_no_project"]:
        reason = result["why_no_project"]
        yield "  " + wording.text(f"projects.said.{reason}", language)
    yield from _problems(result["problems"], language)
    yield from _seconds(result["seconds"], language)
    yield from _outputs(result["outputs"], language)


def _headline(name: str, value: float | None, unit: str, language: Language) -> str:
    """Say one figure; the unknown and counts bare."""
    figure, unit = _as_read(value, unit, language)
    return wording.text(
        "cli.headline" if unit else "cli.headline_bare",
        language,
        name=wording.sentence(f"cli.finding.{name}", language),
        value=figure,
        unit=wording.sentence(f"units.unit.{unit}", language) if unit else "",
    )


def _as_read(value: float | None, unit: str, language: Language) -> tuple[float | str | None, str]:
    """Return a figure as a person reads it: hectares, milliards, per cents, whole persons."""
    if value is None or unit == "count":
        return value, ""
    if unit == "share":
        return percent(value, decimals=2, language=language), ""
    if unit == "rial":
        return round(value / RIAL_A_MILLIARD, 1), "milliard_rial"
    if unit == "m2" and value >= M2_A_HECTARE:
        return round(value / M2_A_HECTARE, 2), "ha"
    return round(value), unit


def check(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what each layer held and what was wrong with it."""
    yield wording.text("cli.check_done", language, city=result["city"], crs=result["crs"])
    for name, layer in result["layers"].items():
        yield "  " + wording.text(
            "cli.layer_read",
            language,
            layer=wording.label("layer", name, language) if name in LABELLED else name,
            path=layer["path"],
            rows=layer["rows"],
            used=layer["used"],
        )
    yield from _problems(result["problems"], language)
    yield from _outputs(result["outputs"], language)


def town(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what the town holds and where it lies."""
    yield wording.text("cli.town_done", language, parcels=result["parcels"], seed=result["seed"])
    yield wording.text("cli.synthetic", language)
    yield from _seconds(result["seconds"], language)
    yield from _outputs(result["outputs"], language)


M2_A_HECTARE = 10_000
RIAL_A_MILLIARD = 10**9
LABELLED = (
    "parcels",
    "blocks",
    "passages",
    "carriageways",
    "neighbourhoods",
    "facilities",
    "approved_boundary",
)
"""The city file's layers; other sources (a keyed table) go by their own name."""


def _problems(counts: dict[str, int], language: Language) -> Iterator[str]:
    for severity, count in counts.items():
        if count:
            kind = wording.label("severity", severity, language)
            yield "  " + wording.text("cli.problems", language, kind=kind, count=count)


def _seconds(seconds: dict[str, float], language: Language) -> Iterator[str]:
    yield wording.text("cli.seconds_total", language, seconds=round(sum(seconds.values()), 1))
    for stage, value in seconds.items():
        title = wording.sentence(f"cli.stage.{stage}", language)
        yield "  " + wording.text("cli.stage_done", language, stage=title, seconds=round(value, 1))


def _outputs(outputs: dict[str, str], language: Language) -> Iterator[str]:
    if outputs:
        yield wording.text("cli.outputs", language)
        yield from (f"  {path}" for path in outputs.values())
