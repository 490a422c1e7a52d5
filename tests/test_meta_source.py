"""Duties of the source: no clock in the core, no machine's path, locks that agree."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bazafarin.cli.arguments import COMMANDS, parser

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bazafarin"
CORE = ("domain", "standards", "analysis", "decision", "studies", "adapters")
CLOCK = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
CLOCKS = {"datetime", "date", "time", "dt", "Timestamp", "pd", "JalaliDate", "JalaliDateTime"}
MACHINES = re.compile(rb"(?<![\w.)])/(?:work|root|tmp/bash)[\w./-]*/")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def modules(*layers: str) -> list[Path]:
    return sorted(path for layer in layers for path in (SOURCE / layer).rglob("*.py"))


def clock_readings(tree: ast.AST) -> list[str]:
    """Return what asks a clock for the day or the time: a call such as ``date.today()``."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK
        and ast.unparse(node.func.value).split(".")[-1] in CLOCKS
    ]


def test_a_clock_reading_is_recognised() -> None:
    read = "import datetime, time\na = datetime.date.today()\nb = time.time()\nc = x.time"

    assert clock_readings(ast.parse(read)) == ["datetime.date.today()", "time.time()"]


@pytest.mark.parametrize("path", modules(*CORE), ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_core_reads_no_clock(path: Path) -> None:
    assert clock_readings(ast.parse(path.read_text(encoding="utf-8"))) == []


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there are no tracked files to look at")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_names_a_path_of_a_machine() -> None:
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked_files()
        if path.is_file()
        and path != Path(__file__).resolve()
        and (match := MACHINES.search(path.read_bytes()))
    }

    assert found == {}


def pinned(lock: Path) -> dict[str, str]:
    text = lock.read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_pins_every_package_by_hash_and_names_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert not re.search(r"https?://|--index-url|--extra-index|--find-links|--trusted-host", text)
    packages = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in p for p in packages if re.match(r"[a-z0-9._\[\]-]+==", p))


def test_the_locks_agree_with_each_other() -> None:
    run, dev, bench = (pinned(ROOT / "requirements" / f"{n}.txt") for n in ("run", "dev", "bench"))

    assert len(run) > 10
    assert run.items() <= dev.items()
    assert dev.items() <= bench.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "run": project["dependencies"],
        "dev": [*project["dependencies"], *extras["dev"]],
        "bench": [*project["dependencies"], *extras["dev"], *extras["bench"]],
    }

    for name, wanted in asked.items():
        held = {
            re.sub(r"[._]", "-", each) for each in pinned(ROOT / "requirements" / f"{name}.txt")
        }
        names = {
            re.sub(r"[._]", "-", re.split(r"[\[<>=!~;@ ]", each)[0].lower()) for each in wanted
        }
        assert names <= held, name


def test_every_option_of_the_command_is_in_its_help_in_both_languages() -> None:
    for language in ("fa", "en"):
        top = parser(language)
        commands = next(a for a in top._actions if a.dest == "command").choices
        assert set(commands) == set(COMMANDS)
        proposals = next(a for a in commands["propose"]._actions if a.dest == "proposal").choices
        for name, command in {**commands, **proposals}.items():
            for action in command._actions:
                assert action.help, (name, action.dest)
                assert all(option in command.format_help() for option in action.option_strings)


def test_the_readme_names_the_commands_and_the_options_of_plan() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    plan = next(a for a in parser("en")._actions if a.dest == "command").choices["plan"]
    options = {o for action in plan._actions for o in action.option_strings if o.startswith("--")}

    missing = {option for option in options if option not in readme}
    assert missing <= {"--help", "--language"}
