"""One file of markup, look, scripts and data, closed to the network.

A content security policy lets run only the scripts whose hash it names, draws pictures and
letters only from the file itself, and opens no connection. The data stands in a script
element that no browser runs, with every ``<`` escaped, so that no text of a delivery can
leave it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand, font_faces

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS: Final = (
    "page",
    "words",
    "geometry",
    "patterns",
    "layers",
    "labels",
    "legend",
    "reasons",
    "proposals",
    "panel",
    "projects",
    "neighbourhoods",
    "search",
    "table",
    "furniture",
    "printing",
    "map",
    "start",
)
"""The page's scripts in the order they are joined: each uses only what stands before it."""

_PACKAGE: Final = files("bazafarin.adapters.web_map")


def page(data: Mapping[str, Any]) -> str:
    """Return the whole page for ``data``."""
    library, scripts = _vendored("maplibre-gl-csp.js"), _scripts()
    parts = {
        "POLICY": _policy(library, scripts),
        "TITLE": wording.sentence("map.head.window_title", "fa"),
        "STYLES": font_faces() + _tokens() + _vendored("maplibre-gl.css") + _styles(),
        "DATA": script_safe_json(data),
        "TEXT_PLUGIN": _base64(_vendored("mapbox-gl-rtl-text.min.js")),
        "WORKER": _base64(_vendored("maplibre-gl-csp-worker.js")),
        "LIBRARY": library,
        "SCRIPTS": scripts,
    }
    return _filled((_PACKAGE / "page" / "page.html").read_text("utf-8"), parts)


def script_safe_json(data: object) -> str:
    """Return ``data`` as JSON that may stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Return the template with each ``%%NAME%%`` replaced once, never inside what was filled in."""
    pieces = template.split("%%")
    return "".join(parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _policy(*scripts: str) -> str:
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; worker-src blob:; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; connect-src 'none'; base-uri 'none'; "
        "form-action 'none'"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _scripts() -> str:
    """Return the page's scripts as one strict function, so that no name is global."""
    joined = "\n".join(
        (_PACKAGE / "page" / f"{name}.js").read_text("utf-8").strip() for name in SCRIPTS
    )
    return f'(() => {{\n"use strict";\n{joined}\n}})();'


def _styles() -> str:
    return (_PACKAGE / "page" / "page.css").read_text("utf-8")


def _vendored(name: str) -> str:
    """Return a vendored file; its map for developers, which is not shipped, is not named."""
    text = (_PACKAGE / "vendor" / name).read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
    return "\n".join(kept)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _tokens() -> str:
    """Return the look's tokens as CSS variables, such as ``--lapis`` and ``--step``."""
    look = brand()
    variables = {
        **look.colour,
        "font": f'"{look.type["family"]}", sans-serif',
        "text": f"{look.type['screen_px']}px",
        "leading": str(look.type["line_height"]),
        "step": f"{look.space['step_px']}px",
        "radius": f"{look.space['radius_px']}px",
    }
    return ":root{" + "".join(f"--{name}:{value};" for name, value in variables.items()) + "}\n"
