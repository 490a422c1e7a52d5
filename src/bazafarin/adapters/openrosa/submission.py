"""A submission's XML: read without entities, bounded in size and depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

MOST_BYTES: Final = 2 * 2**20
"""A form of 300 questions answered at length takes a twentieth of it."""
MOST_ELEMENTS: Final = 50_000
MOST_DEPTH: Final = 50
_MOST_DIGITS: Final = 9
MOST_ID_LENGTH: Final = 200
"""Longer than every id that a phone makes."""


@dataclass(frozen=True, slots=True)
class EntityUpdate:
    """What a submission says of the row of an entity list that it changes.

    Attributes:
        list_name: the entity list.
        entity_id: the row's ``name``.
        base_version: the version that the phone had; None where it does not say.
    """

    list_name: str
    entity_id: str
    base_version: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission as it was sent.

    Attributes:
        form_id, version: the form that was answered; the version may be empty.
        instance_id: the submission's own id: what comes again under it is the same one.
        deprecated_id: the id of the submission that this one replaces; empty for none.
        instance_name: what its phone calls it; empty for none.
        root: the answers.
        entities: the rows that it changes.
    """

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    instance_name: str
    root: Element
    entities: tuple[EntityUpdate, ...]


def read_submission(xml: bytes) -> Submission:
    """Return a submission.

    Raises:
        FormError: it is larger or deeper than a form's answers are, no XML or one with
            entities, or without a form or an id.
    """
    if len(xml) > MOST_BYTES:
        raise FormError("submission.large", bytes=len(xml), most=MOST_BYTES)
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(xml)
        root = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FormError("submission.no_xml", reason=str(error)) from error
    told = _meta(root)
    form_id, instance_id = root.get("id", ""), told.get("instanceID", "")
    if not form_id or not instance_id:
        raise FormError("submission.nameless")
    named = (form_id, root.get("version", ""), instance_id, told.get("deprecatedID", ""))
    if any(len(name) > MOST_ID_LENGTH for name in named):
        raise FormError("submission.long_id", most=MOST_ID_LENGTH)
    return Submission(*named, told.get("instanceName", ""), root, _entities(root))


class _Bounded(TreeBuilder):
    """Builds a tree no deeper and no larger than a form's answers are."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH or self._count > MOST_ELEMENTS:
            raise FormError("submission.deep", depth=MOST_DEPTH, elements=MOST_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _meta(root: Element) -> Mapping[str, str]:
    """Return what ``meta`` says; its namespace differs between clients."""
    meta = next((child for child in root if _bare(child.tag) == "meta"), None)
    if meta is None:
        return {}
    return {_bare(child.tag): (child.text or "").strip() for child in meta}


def _entities(root: Element) -> tuple[EntityUpdate, ...]:
    return tuple(
        EntityUpdate(
            each.get("dataset", ""),
            each.get("id", ""),
            # a phone that changed a row twice says on which of ours its first change stood
            _whole(each.get("trunkVersion") or each.get("baseVersion")),
        )
        for each in root.iter()
        if _bare(each.tag) == "entity"
    )


def _whole(text: str | None) -> int | None:
    is_whole = text and text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if text and is_whole else None
