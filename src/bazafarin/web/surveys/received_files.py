"""The files beside a submission: among the site's, photos without what they tell of their owner.

A file that nobody can look at must not hold up the answer that it came with: a phone would send
both for ever. It is noted as unreadable, and the reviewer sees so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.openrosa import photos
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.domain.errors import FormError
from bazafarin.web.surveys import photo_files
from bazafarin.web.surveys.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.openrosa.submission import Submission as Sent
    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.web.surveys.models import Submission

MOST_FILE_BYTES: Final = 12 * 2**20
MOST_FILES: Final = 40
MOST_NAME_LENGTH: Final = 200
OTHER_KIND: Final = "application/octet-stream"
UNREADABLE: Final = "unreadable"
"""The kind of a file that came and cannot be kept: no photo where one was asked, or too large."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file beside a submission."""

    name: str
    content: bytes


def kept_files(
    files: Sequence[SentFile], sent: Sent, definition: FormDefinition
) -> list[Attachment]:
    """Put files among the site's and return them, not yet of a submission.

    What the submission nowhere names was left over on the phone, and is no part of it.

    Raises:
        FormError: there are too many of them, or two under one name that are not the same.
    """
    if len(files) > MOST_FILES:
        raise FormError("submission.many_files", count=len(files), most=MOST_FILES)
    asked = _asked_files(sent, definition)
    kept: dict[str, Attachment] = {}
    for file in files:
        if file.name not in asked or len(file.name) > MOST_NAME_LENGTH:
            continue
        made = _kept(file, asked[file.name])
        if file.name in kept and kept[file.name].sha256 != made.sha256:
            raise FormError("submission.other_file", file=file.name)
        kept[file.name] = made
    return list(kept.values())


def attach(submission: Submission, kept: Sequence[Attachment]) -> None:
    """Let files be a submission's; those that are there already stay.

    Raises:
        FormError: another file came before under a name.
    """
    there = dict(submission.attachments.values_list("name", "sha256"))
    new = []
    for file in kept:
        if file.name not in there:
            file.submission = submission
            new.append(file)
        elif there[file.name] != file.sha256:
            raise FormError("submission.other_file", file=file.name)
    Attachment.objects.bulk_create(new, ignore_conflicts=True)


def _asked_files(sent: Sent, definition: FormDefinition) -> Mapping[str, str]:
    """Return the names that a submission gives files, each with the kind that was asked for."""
    media = {node.name: node.media for node in definition.questions}
    named = {}
    for element in sent.root.iter():
        if not len(element) and (text := (element.text or "").strip()):
            named[text] = media.get(element.tag.rpartition("}")[2], "")
    return named


def cleaned(file: SentFile, media: str) -> tuple[bytes, str]:
    """Return a file without what it tells of its owner, and its kind.

    Raises:
        FormError: it is no photo where one is asked for.
    """
    try:
        return photos.without_owner(file.content, name=file.name)
    except FormError:
        if media.startswith("image/"):
            raise
        return file.content, OTHER_KIND


def _kept(file: SentFile, media: str) -> Attachment:
    content, kind = file.content, UNREADABLE
    with suppress(FormError):
        content, kind = cleaned(file, media)
    if kind == UNREADABLE or len(content) > MOST_FILE_BYTES:
        return Attachment(name=file.name, kind=UNREADABLE, sha256="", bytes=len(file.content))
    sha256 = photo_files.keep(content)
    return Attachment(name=file.name, kind=kind, sha256=sha256, bytes=len(content))


def files_to_come(definition: FormDefinition, answers: Mapping[str, str]) -> list[str]:
    """Return the names of the files that some answers name."""
    return [
        text for path, text in answers.items() if definition.nodes[path].answer is AnswerKind.FILE
    ]
