"""Run every benchmark, each in a process of its own, and write what they say.

    python benchmarks/run.py                                  all; writes RESULTS.md
    python benchmarks/run.py --only office_load --keep         one; takes its place in RESULTS.md
    python benchmarks/run.py --only delineation --parcels 100000    one; writes nothing

A benchmark prints one line ``ratio: X``, taken in one run; the lines before it explain it. What was
printed, when and where, is kept in ``results.json``, of which RESULTS.md is made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
KEPT = HERE / "results.json"
LIBRARIES = ("numpy", "pandas", "shapely", "geopandas", "pyogrio", "scipy", "momepy", "spopt")


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: its file, what its ratio is, and what the ratio should be.

    ``is_times_faster`` tells a peer's time over ours (more is better) from a share of a
    target (less is better). ``on_postgis`` runs it beside a throw-away database.
    """

    name: str
    ratio_of: str
    target: float
    is_times_faster: bool = False
    arguments: tuple[str, ...] = ()
    on_postgis: bool = False

    def is_met(self, ratio: float) -> bool:
        """Return whether the ratio is on the right side of its target."""
        return ratio >= self.target if self.is_times_faster else ratio <= self.target

    def target_said(self) -> str:
        """Return the target as a reader compares it."""
        return f"{'≥' if self.is_times_faster else '≤'} {self.target:g}"


BENCHMARKS = (
    Benchmark("city_plan", "time and memory over 90 s and 6 GiB, 750,000 parcels", 1.0),
    Benchmark(
        "passage_widths", "momepy's time over ours, passage widths", 5.0, is_times_faster=True
    ),
    Benchmark("delineation", "time of GeoPandas and momepy over ours", 5.0, is_times_faster=True),
    Benchmark("cost_per_parcel", "dearest parcel over cheapest, 10,000 to 750,000", 1.5),
    Benchmark(
        "siting", "spopt's time over ours, published siting problems", 3.0, is_times_faster=True
    ),
    Benchmark("access", "time over 60 s, walking access of 750,000 parcels to 8 services", 1.0),
    Benchmark(
        "access",
        "pandana's time over ours, nearest of 8 services for every node",
        0.5,
        is_times_faster=True,
        arguments=("--peer", "pandana"),
    ),
    Benchmark("derived_passages", "time over 60 s, passages from 100,000 parcels' blocks", 1.0),
    Benchmark(
        "driver_projects", "time over 300 s, 12,000 offers to 120,000 demands within 2 %", 1.0
    ),
    Benchmark("import_edition", "5,000 parcels a second over ours, an edition of 750,000", 1.0),
    Benchmark("office_pages", "p95 over 200 ms a page, 100 ms a z16 tile, SQLite, 750,000", 1.0),
    Benchmark("office_features", "time over 20 s, 200,000 features paged out, SQLite", 1.0),
    Benchmark("office_pages", "the same p95 on PostGIS; ST_AsMVT beside it", 1.0, on_postgis=True),
    Benchmark("office_load", "p95 over 500 ms, fifty people, four workers", 1.0, on_postgis=True),
    Benchmark("survey_form", "300 questions over 1 s, 2,000 parcels listed over 300 ms", 1.0),
    Benchmark(
        "survey_load",
        "p95 of a post over 1 s, 20 surveyors, SQLite",
        1.0,
        arguments=("--surveyors", "20", "--database", "sqlite"),
    ),
    Benchmark("survey_load", "the same, 200 surveyors on PostgreSQL", 1.0, on_postgis=True),
    Benchmark("cambridge", "time over 30 s, a real city with its document", 1.0),
)


@dataclass(frozen=True)
class Outcome:
    """What a benchmark printed, and when and where; ``ratio`` is None where it measured nothing."""

    benchmark: Benchmark
    ratio: float | None
    printed: str
    taken: str


def main() -> int:
    """Run what was asked for; return how many targets were missed."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--only", choices=[each.name for each in BENCHMARKS], nargs="+")
    arguments.add_argument("--parcels", nargs="+", help="size of the town, for --only")
    arguments.add_argument("--keep", action="store_true", help="write what --only measures")
    options = arguments.parse_args()
    if options.keep and (options.parcels or not options.only):
        arguments.error("--keep is for --only, at the size that the target is of")
    if options.parcels and not options.only:
        arguments.error("--parcels needs --only")
    sizes = ("--parcels", *options.parcels) if options.parcels else ()
    asked = [each for each in BENCHMARKS if not options.only or each.name in options.only]
    outcomes = [_run(each, sizes) for each in asked]
    if options.keep or not options.only:
        _keep(outcomes)
    return sum(o.ratio is not None and not o.benchmark.is_met(o.ratio) for o in outcomes)


def _run(benchmark: Benchmark, sizes: tuple[str, ...]) -> Outcome:
    print(f"== {benchmark.name}", flush=True)
    beside = [str(HERE.parent / "scripts" / "with_postgis.py"), "--"] * benchmark.on_postgis
    database = ["--database", "postgresql"] * benchmark.on_postgis
    words = [
        *([sys.executable, *beside] if beside else []),
        sys.executable, str(HERE / f"{benchmark.name}.py"), *benchmark.arguments, *database, *sizes,
    ]  # fmt: skip
    run = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own file
    found = re.findall(r"^ratio: ([\d.]+)", run.stdout, flags=re.MULTILINE)
    print(run.stdout, flush=True)
    is_sound = run.returncode == 0 and len(found) == 1
    ratio = float(found[0]) if is_sound else None
    return Outcome(benchmark, ratio, run.stdout.strip(), _taken())


def _keep(outcomes: list[Outcome]) -> None:
    """Let outcomes take their places among those that were kept, and write the report anew."""
    known = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for outcome in outcomes:
        known[outcome.benchmark.ratio_of] = {
            "ratio": outcome.ratio, "printed": outcome.printed, "taken": outcome.taken,
        }  # fmt: skip
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
    KEPT.write_text(f"{text}\n", encoding="utf-8")
    RESULTS.write_text(report(known), encoding="utf-8")


def report(known: dict[str, dict[str, Any]]) -> str:
    """Return RESULTS.md: the table of ratios, and what each benchmark printed, when and where."""
    lines = [
        "# Results",
        "",
        "Written by `make bench`; each ratio was taken in one run, when and where it says below.",
        "",
        "| benchmark | ratio | target | met | what the ratio is |",
        "|---|---|---|---|---|",
    ]
    for each in BENCHMARKS:
        ratio = known.get(each.ratio_of, {}).get("ratio")
        said = "not measured" if ratio is None else f"{ratio:g}"
        met = "–" if ratio is None else "yes" if each.is_met(ratio) else "**no**"
        lines.append(f"| {each.name} | {said} | {each.target_said()} | {met} | {each.ratio_of} |")
    for each in BENCHMARKS:
        if each.ratio_of in known:
            outcome = known[each.ratio_of]
            lines += ["", f"## {each.name}: {each.ratio_of}", "", outcome["taken"], ""]
            lines += ["```text", outcome["printed"], "```"]
    return "\n".join([*lines, ""])


def _taken() -> str:
    """Return the day, the machine and the versions."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {_processor()}, {os.cpu_count()} cores,"
        f" {gib:.0f} GiB, {platform.system()}; Python {platform.python_version()}, bazafarin"
        f" {version('bazafarin')}, {libraries}"
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    names = (
        re.findall(r"^model name\s*: (.+)$", told.read_text(), re.MULTILINE)
        if told.exists()
        else []
    )
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
