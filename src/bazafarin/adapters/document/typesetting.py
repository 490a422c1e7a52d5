"""Typst: a folder of templates, data and pictures in, the pages of a PDF out."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from bazafarin.adapters.brand import FONTS
from bazafarin.domain.errors import RenderingError

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES = Path(str(files("bazafarin.adapters.document"))) / "templates"
DATA = "data.json"


def write_data(data: Mapping[str, object], folder: Path) -> None:
    """Write what the templates read into ``folder``, as JSON."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    (folder / DATA).write_text(text, encoding="utf-8")


def typeset(folder: Path) -> bytes:
    """Return the PDF of the data and pictures that lie in ``folder``.

    Only the shipped fonts are seen, so that the same data gives the same pages on every
    machine. Raises RenderingError where Typst finds a fault.
    """
    for template in TEMPLATES.glob("*.typ"):
        shutil.copy(template, folder)
    try:
        pages = typst.compile(
            str(folder / "document.typ"),
            root=str(folder),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise RenderingError("document.not_typeset", reason=str(error)) from error
    return bytes(pages)


def _plain(value: object) -> dict[str, Any]:
    """Return a dataclass as a mapping of its fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value)} does not go into a document")
