"""``bazafarin propose priority``: the rankings for a person and for a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bazafarin.cli import exit_codes, main
from bazafarin.cli.arguments import RANKING_METHODS
from bazafarin.decision.ranking import METHODS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    assert main(["town", "--parcels", "1000", "--seed", "7", "--out", str(path)]) == 0
    return path


@pytest.fixture
def ask(town, capsys):
    """Run the command on the town and return its exit code and what it printed."""
    capsys.readouterr()

    def run(*words: object) -> tuple[int, str]:
        code = main(["propose", "priority", str(town), "--as-of", "1404/08/30", *map(str, words)])
        return code, capsys.readouterr().out

    return run


def test_the_command_offers_the_methods_that_there_are() -> None:
    assert RANKING_METHODS == METHODS


def test_a_machine_gets_every_row_and_finding(ask) -> None:
    code, out = ask("--json", "--language", "en")

    said = json.loads(out)
    assert code == 0
    assert said["method"] == "weighted_sum"
    assert len(said["blocks"]) == said["findings"]["priority.blocks_ranked"]["value"] > 10
    assert [row["rank"] for row in said["blocks"]] == sorted(r["rank"] for r in said["blocks"])
    assert said["blocks"][0]["block_id"] == said["findings"]["priority.blocks_first"]["value"]
    # Access is measured with the ranking: whoever cannot be reached stays unknown.
    depths = {row["engine_depth_m"] for row in said["blocks"]} - {None}
    assert depths
    assert min(depths) >= 0
    weights = [row["weight"] for row in said["criteria"] if row["ranked"] == "blocks"]
    assert sum(weights) == pytest.approx(1)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("method", METHODS)
def test_a_person_reads_a_table_a_ranking(ask, language, method) -> None:
    code, out = ask("--method", method, "--top", 3, "--language", language)

    assert code == 0
    rows = [line for line in out.splitlines() if line.startswith(("\u200f  ", "  "))]
    assert len(rows) >= 3 * (1 + 1)
    assert ("Needed works" if language == "en" else "کارهای لازم") in out
    assert "--top" in out
    assert "nan" not in out.lower()
    assert "None" not in out


def test_top_cuts_what_a_machine_gets_too(ask) -> None:
    _, out = ask("--json", "--top", 2)

    assert len(json.loads(out)["blocks"]) == 2


def test_the_offices_own_weights_are_taken_and_said(ask, tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(
        "[blocks]\ninstability_share = 3\nfine_grain_share = 1\n"
        '[works.comparisons]\n"people_who_gain/need_share" = 2\n'
        '"need_share/worn_out_area_share" = 2\n"worn_out_area_share/people_who_gain" = 2\n',
        encoding="utf-8",
    )

    _, out = ask("--weights", file, "--language", "en")

    assert "summed to 4.000 and were brought to one" in out
    assert "consistency ratio of the comparisons is 0.431, above 0.1" in out


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[blocks]\nbeauty = 1\n", "beauty"),
        ("[streets]\nwidth = 1\n", "streets"),
        ("[blocks]\ninstability_share = -1\n", "-1"),
        ("[blocks]\ninstability_share = 0\n", "zero"),
        ('[blocks]\ninstability_share = "much"\n', "much"),
        ("blocks = 3\n", "blocks"),
        ("[blocks]\ncomparisons = 3\n", "comparisons"),
        ("[blocks\n", "TOML"),
        (None, "absent.toml"),
    ],
)
def test_weights_that_are_none_end_in_one_sentence(
    town: Path, tmp_path: Path, capsys, content, named
) -> None:
    file = tmp_path / "absent.toml"
    if content is not None:
        file = tmp_path / "weights.toml"
        file.write_text(content, encoding="utf-8")

    code = main(["propose", "priority", str(town), "--weights", str(file), "--language", "en"])

    assert code == exit_codes.EXIT_CODES[exit_codes.UsageError]
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("top", ["0", "-1", "many"])
def test_a_number_of_rows_that_is_none_is_refused(capsys, top) -> None:
    code = main(["propose", "priority", "town.gpkg", "--top", top, "--language", "en"])

    assert code == exit_codes.EXIT_CODES[exit_codes.UsageError]
    assert "--top" in capsys.readouterr().err
