"""The command as its user meets it: one message, an exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from bazafarin.cli import exit_codes, main
from bazafarin.domain import errors
from hand_drawn import CRS

ENVIRONMENT = {**os.environ, "BAZAFARIN_LANGUAGE": "en"}


def bazafarin(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bazafarin", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
        **options,
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    assert main(["town", "--parcels", "1000", "--seed", "7", "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def planned(town: Path) -> tuple[Path, dict]:
    out = town.parent / "plan"
    done = bazafarin("plan", town, "--out", out, "--as-of", "1404/08/30", "--json")
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout)


def test_a_plan_writes_everything_it_names(planned) -> None:
    out, said = planned

    assert {path.name for path in out.iterdir()} == set(said["outputs"])
    assert {"plan.gpkg", "plan.xlsx", "findings.json", "document.pdf", "map.html"} <= set(
        said["outputs"]
    )
    assert said["as_of"] == "2025-11-21"
    assert said["synthetic"] is True


def test_a_plan_off_a_terminal_says_its_stages_in_plain_lines(town: Path, tmp_path: Path) -> None:
    done = bazafarin("plan", town, "--out", tmp_path / "p", "--no-document", "--no-map")

    assert done.returncode == 0
    assert "Widths of passages: " in done.stderr
    assert "\x1b[" not in done.stderr


def test_the_same_delivery_and_day_give_the_same_findings(
    planned, town: Path, tmp_path: Path
) -> None:
    out, _ = planned

    again = bazafarin(
        "plan", town, "--out", tmp_path / "p", "--as-of", "2025-11-21", "--no-document"
    )

    assert again.returncode == 0
    assert (tmp_path / "p" / "findings.json").read_bytes() == (out / "findings.json").read_bytes()
    assert not (tmp_path / "p" / "document.pdf").exists()


def test_a_check_reports_and_plans_nothing(town: Path, tmp_path: Path) -> None:
    done = bazafarin("check", town, "--out", tmp_path / "r", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["layers"]["parcels"]["rows"] >= 900
    assert {p.name for p in (tmp_path / "r").iterdir()} == {
        "reading_report.html",
        "reading_report.json",
    }


def write_parcels(path: Path) -> Path:
    gpd.GeoDataFrame(
        {"parcel_id": ["1"]}, geometry=[box(500_000, 3_950_000, 500_010, 3_950_010)], crs=CRS
    ).to_file(path, layer="parcels", driver="GPKG")
    return path


def broken_mapping(folder: Path) -> list[object]:
    mapping = folder / "m.toml"
    mapping.write_text(
        '[layers.parcels]\nsource = "c.gpkg"\n[layers.parcels.fields]\nparcel_id = "parcel_idd"\n'
    )
    return ["plan", write_parcels(folder / "c.gpkg"), "--map", mapping]


def broken_standards(folder: Path) -> list[object]:
    standards = folder / "s.toml"
    standards.write_text('[[override]]\nrule = "fine_grain.parcels_below"\nvalue = 3\n')
    return ["plan", write_parcels(folder / "c.gpkg"), "--standards", standards]


def unreadable(folder: Path) -> list[object]:
    (folder / "c.gpkg").write_bytes(b"no geopackage")
    return ["plan", folder / "c.gpkg"]


def without_parcels(folder: Path) -> list[object]:
    gpd.GeoDataFrame({"block_id": ["1"]}, geometry=[box(0, 0, 9, 9)], crs=CRS).to_file(
        folder / "c.gpkg", layer="blocks", driver="GPKG"
    )
    return ["plan", folder / "c.gpkg"]


def no_usable_row(folder: Path) -> list[object]:
    gpd.GeoDataFrame({"parcel_id": ["1"]}, geometry=[None], crs=CRS).to_file(
        folder / "c.gpkg", layer="parcels", driver="GPKG"
    )
    return ["plan", folder / "c.gpkg"]


def impossible_crs(folder: Path) -> list[object]:
    gpd.GeoDataFrame(
        {"parcel_id": ["1"]}, geometry=[box(5e5, 3.95e6, 5.1e5, 3.96e6)], crs="EPSG:4326"
    ).to_file(folder / "c.gpkg", layer="parcels", driver="GPKG")
    return ["plan", folder / "c.gpkg"]


BAD_INPUT = {
    "no such file": (lambda f: ["plan", f / "nowhere.gpkg"], 3, "nowhere.gpkg"),
    "an unreadable file": (unreadable, 3, "c.gpkg"),
    "no parcels layer": (without_parcels, 3, "parcels"),
    "no usable row": (no_usable_row, 3, "parcels"),
    "a coordinate system that cannot be right": (impossible_crs, 3, "4326"),
    "a misspelt field": (broken_mapping, 4, "parcel_idd"),
    "a misspelt rule": (broken_standards, 5, "fine_grain.parcels_below"),
    "a bad date": (lambda f: ["plan", f, "--as-of", "soon"], 2, "soon"),
    "a bad layer": (lambda f: ["plan", f, "--layer", "parcel=x.shp"], 2, "parcel"),
    "a layer given twice": (
        lambda f: ["plan", f, "--layer", "parcels=a.shp", "--layer", "parcels=b.shp"],
        2,
        "parcels",
    ),
    "an empty path": (lambda _: ["plan", ""], 2, "empty path"),
    "a day before the law": (
        lambda f: ["plan", write_parcels(f / "c.gpkg"), "--as-of", "1300/01/01"],
        5,
        "1300",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_with_one_message_and_its_code(case: str, tmp_path: Path) -> None:
    words, code, named = BAD_INPUT[case]

    done = bazafarin(*words(tmp_path), "--out", tmp_path / "plan")

    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if "bazafarin:" in line]) == 2
    left = {p.name for p in tmp_path.iterdir()}
    assert not any(name.startswith(".plan") for name in left)
    if (tmp_path / "plan").exists():
        assert {p.name for p in (tmp_path / "plan").iterdir()} <= {
            "reading_report.html",
            "reading_report.json",
        }


def test_the_error_for_a_machine_carries_both_languages(tmp_path: Path) -> None:
    done = bazafarin("plan", tmp_path / "x.gpkg", "--out", tmp_path / "p", "--json")

    said = json.loads(done.stdout)["error"]
    assert said["exit_code"] == done.returncode == 3
    assert "x.gpkg" in said["message_fa"]
    assert "x.gpkg" in said["message_en"]


def test_debug_shows_where_an_error_arose(tmp_path: Path) -> None:
    done = bazafarin("plan", tmp_path / "x.gpkg", "--out", tmp_path / "p", "--debug")

    assert "Traceback" in done.stderr


def test_a_disk_that_fills_up_leaves_the_earlier_plan(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    out.mkdir()
    (out / "findings.json").write_text("earlier")

    def no_room() -> None:
        # A limit on a file's size stands in for a full disk: writing fails half-way.
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = bazafarin("plan", town, "--out", out, "--no-document", preexec_fn=no_room)

    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "findings.json").read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(sign: int, town: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bazafarin", "plan", town, "--out", tmp_path / "plan"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)

    process.send_signal(sign)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "stopped" in said
    assert list(tmp_path.iterdir()) == []


def test_every_error_has_an_exit_code_and_readme_names_each() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.BazafarinError)
        and kind is not errors.BazafarinError
    ]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    assert set(kinds) == set(exit_codes.EXIT_CODES)
    for code in {0, exit_codes.FAULT, *exit_codes.EXIT_CODES.values()}:
        assert f"| {code} |" in readme


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--seed", "-5", "--out", "t.gpkg"], "-5"),
        (["--seed", "9" * 40, "--out", "t.gpkg"], "9" * 40),
        (["--out", "t.shp"], "t.shp"),
    ],
)
def test_a_town_that_cannot_be_made_is_refused(words, named, tmp_path: Path) -> None:
    done = bazafarin("town", "--parcels", "1000", *words, cwd=tmp_path)

    assert done.returncode == 2
    assert named in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_stops_reading_is_no_fault(town: Path) -> None:
    words = [sys.executable, "-m", "bazafarin", "check", str(town)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        said = process.stderr.read() if process.stderr else ""
        assert process.wait() == 0

    assert "BrokenPipe" not in said
    assert "Traceback" not in said


def test_an_interrupt_while_the_libraries_load_shows_no_traceback() -> None:
    loading = (
        "import sys, bazafarin.cli\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'pandas': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "sys.exit(bazafarin.cli.main(['town']))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", loading], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (130, "")
