"""Each package's first page names every module it holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "bazafarin"
PACKAGES = sorted(
    path.parent for path in ROOT.rglob("__init__.py") if path.parent.name != "migrations"
)


def modules(package: Path) -> set[str]:
    files = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    return files | {path.parent.name for path in package.glob("*/__init__.py")} - {"migrations"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_first_page_of_a_package_names_its_modules(package: Path) -> None:
    page = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""

    listed = re.findall(r"^(\w+(?:, \w+)*)/? ", page, flags=re.MULTILINE)
    named = {name for names in listed for name in names.split(", ")}
    assert modules(package) - named == set()
