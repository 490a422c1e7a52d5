"""Files that a form needs beside it, looked at before a phone gets them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import PurePath
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bazafarin.domain.errors import FormError

MOST_MEDIA_BYTES: Final = 8 * 2**20
MOST_MEDIA_NAME: Final = 100


def check_media(name: str, content: bytes) -> None:
    """Raise where a file cannot be what its name says.

    Args:
        name: the file's name, as the form has it.
        content: what is in it.

    Raises:
        FormError: it is too large, or a list that cannot be read as one.
    """
    if len(content) > MOST_MEDIA_BYTES:
        raise FormError("form.large_media", file=name, mib=MOST_MEDIA_BYTES // 2**20)
    check = {".csv": _check_rows, ".geojson": _check_places, ".xml": _check_xml}
    if known := check.get(PurePath(name).suffix.lower()):
        try:
            known(content)
        except (ValueError, csv.Error, ParseError, DefusedXmlException, LookupError) as error:
            raise FormError("form.unfit_media", file=name, reason=str(error)) from error


def read_rows(content: bytes) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file in UTF-8, each its texts by column.

    Raises:
        ValueError: it is not in UTF-8, or has no columns.
    """
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    if not read.fieldnames or any("\0" in name for name in read.fieldnames):
        raise ValueError(read.fieldnames)
    return tuple(
        {name: text for name, text in row.items() if name and isinstance(text, str)} for row in read
    )


def _check_rows(content: bytes) -> None:
    if not read_rows(content):
        raise ValueError("0")


def _check_places(content: bytes) -> None:
    told = json.loads(content)
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection":
        raise ValueError("FeatureCollection")


def _check_xml(content: bytes) -> None:
    fromstring(content, forbid_dtd=True)
