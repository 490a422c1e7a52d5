"""Filling a form at a desk: begun, kept as it goes, and sent as a phone would send it."""

from __future__ import annotations

import secrets
import uuid
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING
from xml.etree.ElementTree import tostring

from defusedxml.ElementTree import fromstring
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bazafarin.adapters.survey_form.answers import AnswerRow, read_answers
from bazafarin.adapters.survey_form.form_begun import begun, taken_up
from bazafarin.adapters.survey_form.media import read_rows
from bazafarin.adapters.survey_form.office_form import PARCELS_FILE
from bazafarin.domain.errors import FormError, UsageError
from bazafarin.web.office.said import language
from bazafarin.web.surveys import parcels_given, photo_files
from bazafarin.web.surveys.forms_kept import definition_of, parcel_question
from bazafarin.web.surveys.models import Draft, FormState, Submission
from bazafarin.web.surveys.queries import (
    may_answer_anew,
    version_for_phone,
    versions_for_phone,
)
from bazafarin.web.surveys.received_files import (
    MOST_FILES,
    MOST_NAME_LENGTH,
    SentFile,
    cleaned,
)
from bazafarin.web.surveys.receiving import receive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.survey_form.filling import Filling, Problem, Rows
    from bazafarin.web.accounts.models import User
    from bazafarin.web.surveys.models import DraftFile, FormVersion

_MOST_STEM = 40


def begin(*, by: User, version: FormVersion, parcel_key: str) -> Draft:
    """Return the draft of somebody about a parcel, begun where there is none yet.

    Args:
        by: whose it is.
        version: the form, one of theirs.
        parcel_key: the parcel, one of theirs; empty where the form asks of none.

    Raises:
        FormError: only a phone can fill the form.
        PermissionDenied: the parcel is not theirs.
    """
    definition = definition_of(version)
    question = parcel_question(definition)
    key = parcel_key if question else ""
    known = Draft.objects.filter(owner=by, version=version, parcel_key=key, replaces="").first()
    if known is not None and (key or not known.revision):  # nothing was written into it yet
        return known
    files = files_of(version, by, key)
    if question and not files[PARCELS_FILE]:
        raise PermissionDenied("web_surveys.error.not_yours")
    filling = begun(definition, now=_now(), language=language(), user_name=by.username, files=files)
    if question:
        filling.put(question, key)
        filling.settle()
    return Draft.objects.create(
        owner=by, version=version, parcel_key=key, instance_id=f"uuid:{uuid.uuid4()}",
        answers=tostring(filling.root, encoding="utf-8"),
    )  # fmt: skip


def answer_anew(*, by: User, submission: Submission) -> Draft:
    """Return a draft with the answers of one that came back to somebody, to be sent in its place.

    Raises:
        UsageError: it did not come back.
        FormError: only a phone can fill the form.
        PermissionDenied: it is somebody else's, or the form is not theirs to fill any more.
    """
    if submission.made_by_id != by.pk:
        raise PermissionDenied("web_surveys.error.not_yours")
    if not may_answer_anew(by, submission):
        raise UsageError("web_surveys.error.waits_no_more")
    version = version_for_phone(by, submission.version_id)
    if version is None:
        raise PermissionDenied("web_surveys.error.not_yours")
    known = Draft.objects.filter(owner=by, replaces=submission.instance_id).first()
    if known is not None:
        return known
    key = submission.parcel_key
    if Draft.objects.filter(owner=by, version=version, parcel_key=key).exclude(parcel_key=""):
        raise UsageError("web_surveys.error.draft_there", parcel=key)
    root = fromstring(bytes(submission.xml))
    filling = taken_up(
        definition_of(version), root, now=_now(), language=language(),
        files=files_of(version, by, key),
    )  # fmt: skip
    filling.settle()
    with transaction.atomic():
        draft = Draft.objects.create(
            owner=by, version=version, parcel_key=key, instance_id=f"uuid:{uuid.uuid4()}",
            replaces=submission.instance_id, answers=tostring(filling.root, encoding="utf-8"),
        )  # fmt: skip
        for each in submission.attachments.exclude(sha256=""):
            kept_as = photo_files.keep_of_draft(photo_files.path_of(each.sha256).read_bytes())
            draft.files.create(name=each.name, sent_as=each.name, kept_as=kept_as)
    return draft


def filling_of(draft: Draft) -> Filling:
    """Return a draft as it is filled now; it is not settled yet."""
    return taken_up(
        definition_of(draft.version), fromstring(bytes(draft.answers)), now=_now(),
        language=language(), files=files_of(draft.version, draft.owner, draft.parcel_key),
    )  # fmt: skip


def keep(draft: Draft, filling: Filling) -> None:
    """Keep what was answered so far; a file that no answer names goes."""
    draft.answers, draft.revision = tostring(filling.root, encoding="utf-8"), draft.revision + 1
    draft.save(update_fields=["answers", "revision", "kept_at"])
    named = {(element.text or "") for element, _ in filling.parts()}
    _drop(draft, [each for each in draft.files.all() if each.name not in named])


def keep_file(draft: Draft, file: SentFile, *, question: str, media: str) -> str:
    """Keep a file of a draft and return the name that is the answer to its question.

    Args:
        draft: the draft.
        file: the file as it was sent.
        question: the name of the question.
        media: the kind that is asked for, ``image/*``.

    Raises:
        FormError: it is no photo where one is asked, or there are too many.
    """
    if draft.files.count() >= MOST_FILES:
        raise FormError("submission.many_files", count=MOST_FILES + 1, most=MOST_FILES)
    content, _ = cleaned(file, media)
    suffix = PurePath(file.name).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ""
    name = f"{question[:_MOST_STEM]}-{secrets.token_hex(4)}{suffix[:8]}"
    kept_as = photo_files.keep_of_draft(content)
    draft.files.create(name=name, sent_as=file.name[:MOST_NAME_LENGTH], kept_as=kept_as)
    return name


def drop(draft: Draft) -> None:
    """Throw a draft away, with its files."""
    with transaction.atomic():
        _drop(draft, list(draft.files.all()))
        draft.delete()


def send(draft: Draft) -> tuple[Submission | None, tuple[Problem, ...]]:
    """Send a draft as an answer; return the answer, or None and what has to be mended first.

    Raises:
        FormError: it cannot be taken in.
        PermissionDenied: the parcel is its owner's no more.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
        if held is None:  # it was sent a moment ago, from another window or by a second click
            return Submission.objects.get(instance_id=draft.instance_id, made_by=draft.owner), ()
        filling = filling_of(held)
        filling.settle()
        if problems := filling.problems():
            return None, problems
        xml = filling.sent(instance_id=held.instance_id, replaces=held.replaces)
        named = _texts(read_answers(filling.definition, filling.root))
        files = [
            SentFile(each.name, photo_files.draft_path(each.kept_as).read_bytes())
            for each in held.files.all()
            if each.name in named
        ]
        submission, _ = receive(by=held.owner, xml=xml, files=files)
        drop(held)
    return submission, ()


def files_of(version: FormVersion, user: User, parcel_key: str) -> Mapping[str, Rows]:
    """Return the rows that a form chooses from: its files', and the one parcel it is about."""
    found: dict[str, Rows] = {
        each.name: _rows(bytes(each.content))
        for each in version.media.filter(name__endswith=".csv")
    }
    if version.asks_of_parcels:
        found[PARCELS_FILE] = _rows(parcels_given.row_for(user, version.form, parcel_key))
    return found


_rows = lru_cache(maxsize=16)(read_rows)


def _texts(rows: tuple[AnswerRow, ...]) -> set[str]:
    return {text for row in rows for text in row.answers.values()}


def _drop(draft: Draft, files: list[DraftFile]) -> None:
    """Let files be a draft's no more; they leave the disk once the database has let them go."""
    draft.files.filter(pk__in=[each.pk for each in files]).delete()
    paths = [photo_files.draft_path(each.kept_as) for each in files]

    def forget() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(forget)


def _now() -> str:
    return timezone.localtime().isoformat(timespec="milliseconds")


def may_fill(draft: Draft) -> bool:
    """Return whether a draft is still its owner's to fill: the form, and the parcel if it has one.

    A form that was withdrawn since, or has a newer version, is: as from a phone, what was begun on
    it is taken.
    """
    version, owner = draft.version, draft.owner
    theirs = versions_for_phone(owner, (FormState.PUBLISHED, FormState.WITHDRAWN))
    if not any(each.pk == version.pk for each in theirs):
        return False
    return not draft.parcel_key or bool(files_of(version, owner, draft.parcel_key)[PARCELS_FILE])
