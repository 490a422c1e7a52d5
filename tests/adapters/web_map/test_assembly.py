import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from bazafarin.adapters.web_map import assembly

# Where a browser would fetch from; the name of an XML namespace is no such place.
FETCHED = re.compile(
    r"""(?:\b(?:src|href|action|data|poster)\s*=\s*["']?|url\(\s*["']?|@import\s+["'])\s*"""
    r"""(?:https?:|//|ftp:|file:)""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def markup(page_file: Path) -> str:
    return page_file.read_text("utf-8")


def _scripts(markup: str) -> list[tuple[str, str]]:
    return re.findall(r"<script([^>]*)>(.*?)</script>", markup, re.DOTALL)


def _policy(markup: str) -> dict[str, set[str]]:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', markup)
    return {part.split()[0]: set(part.split()[1:]) for part in policy.split("; ")}


def test_nothing_in_the_page_is_fetched(markup: str):
    without_scripts = re.sub(r"(<script[^>]*>).*?(</script>)", r"\1\2", markup, flags=re.DOTALL)

    assert FETCHED.search(without_scripts) is None
    assert "<base" not in without_scripts
    assert "sourceMappingURL" not in markup


def test_the_pages_own_scripts_name_no_address_but_the_namespace_of_svg():
    folder = Path(assembly.__file__).parent / "page"
    scripts = "".join(file.read_text("utf-8") for file in folder.glob("*.js"))

    assert set(re.findall(r"https?://[^\s\"']*", scripts)) == {"http://www.w3.org/2000/svg"}


def test_the_policy_opens_no_connection(markup: str):
    policy = _policy(markup)

    assert policy["default-src"] == {"'none'"}
    assert policy["connect-src"] == {"'none'"}
    assert policy["form-action"] == {"'none'"}
    assert not {s for sources in policy.values() for s in sources if "http" in s or s == "*"}


def test_only_the_pages_own_scripts_run(markup: str):
    allowed = _policy(markup)["script-src"]
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for attributes, text in _scripts(markup)
        if not attributes
    }

    assert hashes == allowed


def test_text_of_a_delivery_cannot_leave_the_data(markup: str):
    (data,) = [text for attributes, text in _scripts(markup) if "json" in attributes]

    assert "<" not in data
    assert "</script><img src=x onerror=alert()>" in str(json.loads(data)["layers"]["passages"])


def test_line_separators_are_escaped():
    assert assembly.script_safe_json({"a": "x\u2028y</script>&"}) == (
        '{"a":"x\\u2028y\\u003c/script\\u003e\\u0026"}'
    )


def test_an_unknown_number_that_was_left_as_nan_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        assembly.script_safe_json({"a": float("nan")})


def test_no_script_reads_text_as_markup():
    folder = Path(assembly.__file__).parent / "page"
    scripts = "".join(file.read_text("utf-8") for file in folder.glob("*.js"))

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts)


def test_every_script_of_the_page_is_joined():
    folder = Path(assembly.__file__).parent / "page"

    assert {file.stem for file in folder.glob("*.js")} == set(assembly.SCRIPTS)


def test_every_vendored_file_names_its_version_and_licence():
    vendor = Path(assembly.__file__).parent / "vendor"

    for package in ("maplibre-gl", "mapbox-gl-rtl-text"):
        assert re.search(r" \d+\.\d+\.\d+ ", (vendor / f"VERSION-{package}.txt").read_text("utf-8"))
        assert "Redistribution" in (vendor / f"LICENSE-{package}.txt").read_text("utf-8")
