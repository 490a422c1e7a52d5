"""Keeping a form: compiled, published, withdrawn; each with its event."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring
from django.db import IntegrityError, transaction

from bazafarin.adapters.openrosa.submission import MOST_ID_LENGTH
from bazafarin.adapters.survey_form.answers import read_answers
from bazafarin.adapters.survey_form.compiling import compile_workbook
from bazafarin.adapters.survey_form.form_workbook import write_form_workbook
from bazafarin.adapters.survey_form.media import MOST_MEDIA_NAME, check_media
from bazafarin.adapters.survey_form.observations import ColumnMapping, mapping_by_name, observed
from bazafarin.adapters.survey_form.office_form import PARCELS_FILE, office_form
from bazafarin.adapters.survey_form.reading import read_definition
from bazafarin.domain.errors import FormError, UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.models import City
from bazafarin.web.surveys.models import (
    Form,
    FormState,
    FormVersion,
    Review,
    ReviewKind,
    Submission,
    SubmissionState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Place

OFFICE_FORM_FILE = "bazafarin_parcel.xlsx"
_OUR_FORM = "bazafarin_parcel_"
"""How the ids of our own form begin; the number of the city follows."""


_definition = lru_cache(maxsize=32)(read_definition)


def definition_of(version: FormVersion) -> FormDefinition:
    """Return the questions of a version; the last ones asked for are kept at hand."""
    return _definition(version.xform)


def mapping_of(version: FormVersion) -> tuple[ColumnMapping, ...]:
    """Return which question of a version tells which column of the parcels."""
    return tuple(ColumnMapping(**each) for each in version.mapping)


@transaction.atomic
def add_version(*, by: User | None, place: Place, content: bytes, file_name: str) -> FormVersion:
    """Keep a workbook as a new version of the form that it says it is, as a draft.

    Raises:
        FormError: it is no XLSForm.
        UsageError: the version is there already, or the form is another place's.
    """
    check_may(by, Permission.RUN_SURVEYS, place)
    compiled = compile_workbook(content, file_name=file_name)
    told = compiled.definition
    _check_ids(told, place)
    form = Form.objects.select_for_update().filter(form_id=told.form_id).first()
    if form is None:
        form = Form.objects.create(place=place, form_id=told.form_id, made_by=by)
    elif form.place_id != place.pk:
        raise UsageError("web_surveys.error.form_elsewhere", form=told.form_id)
    mapping = _kept(mapping_by_name(told))
    try:
        with transaction.atomic():
            version = FormVersion.objects.create(
                form=form, version=told.version, title=told.title[:200],
                source_name=file_name[:200], source=content, xform=compiled.xform,
                md5=compiled.md5, asks_of_parcels=bool(parcel_question(told)),
                warnings=list(compiled.warnings), mapping=mapping,
                state=FormState.DRAFT, made_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise UsageError(
            "web_surveys.error.version_there", form=told.form_id, version=told.version
        ) from error
    record(
        "form.added", by=by, subject_kind="form", subject_id=form.pk, place_path=place.path,
        after={"form": form.form_id, "version": version.version},
    )  # fmt: skip
    return version


def media_of(version: FormVersion) -> dict[str, bool]:
    """Return the files that a version needs but the parcels, each with whether it is there."""
    there = set(version.media.values_list("name", flat=True))
    return {name: name in there for name in definition_of(version).media if name != PARCELS_FILE}


@transaction.atomic
def add_media(*, by: User | None, version: FormVersion, name: str, content: bytes) -> None:
    """Keep a file that a draft of a form needs; one of that name is replaced.

    Raises:
        UsageError: the form does not need it, or phones have the version already.
        FormError: it is no such file.
    """
    version = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    check_may(by, Permission.RUN_SURVEYS, version.form.place)
    if version.state != FormState.DRAFT:
        raise UsageError("web_surveys.error.no_draft")
    if name not in media_of(version):
        raise UsageError("web_surveys.error.other_media", file=name[:MOST_MEDIA_NAME])
    check_media(name, content)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    told = {"content": content, "md5": md5, "made_by": by}
    version.media.update_or_create(name=name, defaults=told)
    record(
        "form.media_added", by=by, subject_kind="form", subject_id=version.form_id,
        place_path=version.form.place.path, after={"version": version.version, "file": name},
    )  # fmt: skip


@transaction.atomic
def publish(*, by: User | None, version: FormVersion) -> None:
    """Give a version to phones; the one before is given no more.

    Raises:
        UsageError: a file that it needs is not there.
    """
    version = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    form = version.form
    check_may(by, Permission.RUN_SURVEYS, form.place)
    if missing := [name for name, is_there in media_of(version).items() if not is_there]:
        raise UsageError("web_surveys.error.media_missing", files=missing)
    before = form.versions.filter(state=FormState.PUBLISHED).exclude(pk=version.pk)
    ended = list(before.values_list("version", flat=True))
    before.update(state=FormState.WITHDRAWN)
    FormVersion.objects.filter(pk=version.pk).update(state=FormState.PUBLISHED)
    record(
        "form.published", by=by, subject_kind="form", subject_id=form.pk,
        place_path=form.place.path, before={"versions": ended},
        after={"version": version.version},
    )  # fmt: skip


@transaction.atomic
def withdraw(*, by: User | None, version: FormVersion) -> None:
    """Give a version to no phone any more."""
    version = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    check_may(by, Permission.RUN_SURVEYS, version.form.place)
    FormVersion.objects.filter(pk=version.pk).update(state=FormState.WITHDRAWN)
    record(
        "form.withdrawn", by=by, subject_kind="form", subject_id=version.form_id,
        place_path=version.form.place.path, before={"state": version.state},
        after={"version": version.version},
    )  # fmt: skip


@transaction.atomic
def map_questions(
    *, by: User | None, version: FormVersion, mapping: Sequence[ColumnMapping]
) -> int:
    """Say anew which questions tell which columns; return how many answers are read anew.

    Answers that wait and that no reviewer edited are read by it; what was accepted stays.
    """
    version = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    check_may(by, Permission.RUN_SURVEYS, version.form.place)
    before = sorted(each["column"] for each in version.mapping)
    version.mapping = _kept(mapping)
    version.save(update_fields=["mapping"])
    edited = Review.objects.filter(kind=ReviewKind.EDITED).values("submission")
    waiting = version.submissions.filter(state=SubmissionState.WAITING).exclude(pk__in=edited)
    rows = list(waiting.select_for_update(of=("self",)))
    for row in rows:  # one form of answers after another
        row.seen, row.unfit = seen_in(version, bytes(row.xml))
    Submission.objects.bulk_update(rows, ["seen", "unfit"], batch_size=500)
    record(
        "form.mapped", by=by, subject_kind="form", subject_id=version.form_id,
        place_path=version.form.place.path, before={"columns": before},
        after={"columns": sorted(each.column for each in mapping)},
    )  # fmt: skip
    return len(rows)


def seen_in(
    version: FormVersion, xml: bytes, mapping: Sequence[ColumnMapping] | None = None
) -> tuple[dict[str, object], dict[str, str]]:
    """Return what an answer tells of a parcel's columns, and what tells nothing they can hold."""
    return seen_of(
        version, read_answers(definition_of(version), fromstring(xml))[0].answers, mapping
    )


def seen_of(
    version: FormVersion,
    answers: Mapping[str, str],
    mapping: Sequence[ColumnMapping] | None = None,
) -> tuple[dict[str, object], dict[str, str]]:
    """Return what answers tell of a parcel's columns, and what tells nothing they can hold."""
    told = observed(answers, mapping_of(version) if mapping is None else mapping)
    return {name: plain(value) for name, value in told.values.items()}, dict(told.unfit)


def plain(value: object) -> object:
    """Return a value as a submission keeps it: a day as its text."""
    return value.isoformat() if isinstance(value, date) else value


def _check_ids(told: FormDefinition, place: Place) -> None:
    """Raise where ids are too long, or the id is that of our own form for another city."""
    if any(len(name) > MOST_MEDIA_NAME for name in told.media):
        raise FormError("submission.long_id", most=MOST_MEDIA_NAME)
    if max(len(told.form_id), len(told.version)) > MOST_ID_LENGTH:
        raise FormError("submission.long_id", most=MOST_ID_LENGTH)
    if told.form_id.startswith(_OUR_FORM):
        owner = City.objects.filter(place=place).first()
        if owner is None or told.form_id != f"{_OUR_FORM}{owner.pk}":
            raise UsageError("web_surveys.error.form_elsewhere", form=told.form_id)


def _kept(mapping: Sequence[ColumnMapping]) -> list[dict[str, object]]:
    return [
        {"column": each.column, "path": each.path, "values": dict(each.values)} for each in mapping
    ]


def office_workbook(*, form_id: str, made_on: date) -> bytes:
    """Return our own form as a workbook."""
    sheets = office_form(form_id=form_id)
    with TemporaryDirectory() as folder:
        path = Path(folder) / OFFICE_FORM_FILE
        title = sheets["settings"][0]["form_title"]
        write_form_workbook(path, sheets, title=title, made_on=made_on)
        return path.read_bytes()


def office_form_of(*, by: User | None, city: City, made_on: date) -> Form:
    """Return our own form as the city has it, added and published where it is not there yet."""
    form_id = f"{_OUR_FORM}{city.pk}"
    form = Form.objects.filter(form_id=form_id, place=city.place).first()
    if form is not None and published(form) is None:
        newest = form.versions.first()
        assert newest is not None  # noqa: S101 - a form is kept with its first version
        publish(by=by, version=newest)
    if form is None:
        content = office_workbook(form_id=form_id, made_on=made_on)
        version = add_version(by=by, place=city.place, content=content, file_name=OFFICE_FORM_FILE)
        publish(by=by, version=version)
        form = version.form
    return form


def published(form: Form) -> FormVersion | None:
    """Return the version that phones are given."""
    return form.versions.filter(state=FormState.PUBLISHED).first()


def parcel_question(definition: FormDefinition) -> str:
    """Return the path of the question that names a parcel; empty where none does."""
    paths: Sequence[str] = [
        node.path
        for node in definition.questions
        if node.file == PARCELS_FILE and node.path not in definition.repeat_of
    ]
    return paths[0] if paths else ""
