"""The lists that a phone asks for, and the word on a submission, as XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADERS: Final = {"X-OpenRosa-Version": "1.0"}
CONTENT_TYPE: Final = "text/xml; charset=utf-8"
_FORMS: Final = "http://openrosa.org/xforms/xformsList"
_FILES: Final = "http://openrosa.org/xforms/xformsManifest"
_RESPONSE: Final = "http://openrosa.org/http/response"


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A form as a phone finds it in the list; ``manifest_url`` is empty without files."""

    form_id: str
    name: str
    version: str
    md5: str
    download_url: str
    manifest_url: str = ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of a form; an entity list has the address that tells which rows are gone."""

    name: str
    md5: str
    download_url: str
    integrity_url: str = ""


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """Return the list of forms."""
    top = Element("xforms", xmlns=_FORMS)
    for form in forms:
        each = SubElement(top, "xform")
        _add(each, "formID", form.form_id)
        _add(each, "name", form.name)
        _add(each, "version", form.version)
        _add(each, "hash", f"md5:{form.md5}")
        _add(each, "downloadUrl", form.download_url)
        if form.manifest_url:
            _add(each, "manifestUrl", form.manifest_url)
    return _written(top)


def manifest(files: Iterable[ListedFile]) -> bytes:
    """Return the list of a form's files."""
    top = Element("manifest", xmlns=_FILES)
    for file in files:
        kind = {"type": "entityList"} if file.integrity_url else {}
        each = SubElement(top, "mediaFile", kind)
        _add(each, "filename", file.name)
        _add(each, "hash", f"md5:{file.md5}")
        _add(each, "downloadUrl", file.download_url)
        if file.integrity_url:
            _add(each, "integrityUrl", file.integrity_url)
    return _written(top)


def integrity(gone: Iterable[tuple[str, bool]]) -> bytes:
    """Return which rows of an entity list are gone, by their id."""
    top = Element("data")
    entities = SubElement(top, "entities")
    for entity_id, is_gone in gone:
        each = SubElement(entities, "entity", id=entity_id)
        _add(each, "deleted", "true" if is_gone else "false")
    return _written(top)


def word(message: str) -> bytes:
    """Return the envelope in which a phone is told what became of its submission."""
    top = Element("OpenRosaResponse", xmlns=_RESPONSE)
    _add(top, "message", message)
    return _written(top)


def _add(above: Element, tag: str, text: str) -> None:
    SubElement(above, tag).text = text


def _written(top: Element) -> bytes:
    written: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return written
