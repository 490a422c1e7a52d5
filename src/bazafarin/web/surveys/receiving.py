"""A submission taken in: once, whole, and from whom may send it.

What is said here to have been taken is on the disk. What comes again under the same id changes
nothing: a phone that did not hear our word sends once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import shapely
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from pyproj import Transformer

from bazafarin.adapters.openrosa import photos
from bazafarin.adapters.openrosa.submission import read_submission
from bazafarin.adapters.survey_form.answers import AnswerRow, Point, read_answers, value_of
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.domain.errors import FormError
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Parcel, Place
from bazafarin.web.surveys import photo_files
from bazafarin.web.surveys.forms_kept import definition_of, parcel_question, seen_in
from bazafarin.web.surveys.models import (
    Assignment,
    Attachment,
    FormState,
    FormVersion,
    Submission,
    SubmissionState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.openrosa.submission import Submission as Sent
    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.web.accounts.models import User

MOST_FILE_BYTES: Final = 12 * 2**20
MOST_FILES: Final = 40
_PHOTO_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp")
_OTHER_KIND: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file beside a submission."""

    name: str
    content: bytes


def receive(*, by: User, xml: bytes, files: Sequence[SentFile] = ()) -> tuple[Submission, bool]:
    """Take in a submission with some or all of its files; return it and whether it is new.

    Raises:
        FormError: it is no submission to a form that is there, is another one under the same
            id, or has files that are too large, no photos, or nowhere named in it.
        PermissionDenied: it is of a parcel that ``by`` never had, or replaces another's.
    """
    sent = read_submission(xml)
    version = _version(sent)
    definition = definition_of(version)
    kept = [_kept(file, _named_files(sent)) for file in _checked(files)]
    row = _row(by, sent, xml, version, definition)
    with transaction.atomic():
        submission, is_new = _once(row, sent)
        _attach(submission, kept)
    return submission, is_new


def _version(sent: Sent) -> FormVersion:
    version = (
        FormVersion.objects.select_related("form__place")
        .filter(form__form_id=sent.form_id, version=sent.version)
        .exclude(state=FormState.DRAFT)
        .first()
    )
    if version is None:
        raise FormError("submission.no_form", form=sent.form_id, version=sent.version)
    return version


def _checked(files: Sequence[SentFile]) -> Sequence[SentFile]:
    if len(files) > MOST_FILES:
        raise FormError("submission.many_files", count=len(files), most=MOST_FILES)
    for file in files:
        if len(file.content) > MOST_FILE_BYTES:
            mib = MOST_FILE_BYTES // 2**20
            raise FormError("submission.large_file", file=file.name, most_mib=mib)
    return files


def _named_files(sent: Sent) -> frozenset[str]:
    return frozenset((each.text or "").strip() for each in sent.root.iter() if not len(each))


def _kept(file: SentFile, named: frozenset[str]) -> Attachment:
    """Put a file among the site's, a photo without what it tells of its owner."""
    if file.name not in named:
        raise FormError("submission.stray_file", file=file.name)
    content, kind = file.content, _OTHER_KIND
    if file.name.lower().endswith(_PHOTO_ENDINGS):
        content, kind = photos.without_owner(content, name=file.name)
    sha256 = photo_files.keep(content)
    return Attachment(name=file.name, kind=kind, sha256=sha256, bytes=len(content))


def _row(
    by: User, sent: Sent, xml: bytes, version: FormVersion, definition: FormDefinition
) -> Submission:
    """Return the submission as it will stand, with what its answers tell."""
    top = read_answers(definition, sent.root)[0]
    seen, unfit = seen_in(version, xml)
    base = next((each.base_version for each in sent.entities), None)
    began, ended = (_moment(definition, top, name) for name in ("start", "end"))
    row = Submission(
        version=version, instance_id=sent.instance_id, made_by=by,
        state=SubmissionState.WAITING, base_edition=base, began_at=began, ended_at=ended,
        seen=seen, unfit=unfit, xml=xml,
    )  # fmt: skip
    question = parcel_question(definition)
    if question:
        _about_parcel(row, by, top.answers.get(question, ""))
        _measure_distance(row, definition, top)
    else:
        row.place = _place_of(by, version.form.place)
    return row


def _about_parcel(row: Submission, by: User, key: str) -> None:
    """Find the parcel, and the survey in which ``by`` has it or had it."""
    given = Assignment.objects.filter(surveyor=by, survey__form=row.version.form).select_related(
        "survey__place", "survey__city"
    )
    for each in given.order_by("ended_at", "-id") if key else ():
        parcel = Parcel.objects.filter(city=each.survey.city, key=key).order_by("-since").first()
        if parcel is not None and parcel.in_block == each.block_key:
            if not any(each.survey.place.path.startswith(p) for p in _reach(by)):
                continue
            row.survey, row.parcel_key, row.block_key = each.survey, key, each.block_key
            row.place = each.survey.place
            return
    raise PermissionDenied("web_surveys.error.not_yours")


def _reach(by: User) -> tuple[str, ...]:
    return paths_with(by, Permission.FILL_FORMS)


def _place_of(by: User, place: Place) -> Place:
    """Return where within ``place`` somebody fills forms."""
    reach = _reach(by)
    if any(place.path.startswith(path) for path in reach):
        return place
    inside = next((path for path in reach if path.startswith(place.path)), None)
    if inside is None:
        raise PermissionDenied(Permission.FILL_FORMS)
    return Place.objects.get(path=inside)


def _moment(definition: FormDefinition, top: AnswerRow, preload: str) -> datetime | None:
    for node in definition.questions:
        if node.preload == preload and (text := top.answers.get(node.path)):
            value = value_of(node, text)
            if isinstance(value, datetime):
                return value if value.tzinfo else timezone.make_aware(value)
    return None


def _measure_distance(row: Submission, definition: FormDefinition, top: AnswerRow) -> None:
    """Note how far from its parcel the first place lies that the phone wrote down."""
    assert row.survey is not None  # noqa: S101 - a parcel was found in it
    for node in definition.questions:
        if node.answer is not AnswerKind.POINT or node.path not in top.answers:
            continue
        point = value_of(node, top.answers[node.path])
        if not isinstance(point, Point):
            continue
        row.accuracy_m = point.accuracy_m
        city = row.survey.city
        parcel = Parcel.objects.filter(city=city, key=row.parcel_key).order_by("-since").first()
        if parcel is not None and parcel.geometry is not None:
            turn = Transformer.from_crs(4326, city.srid, always_xy=True)
            at = shapely.Point(*turn.transform(point.longitude, point.latitude))
            far = float(shapely.distance(parcel.geometry, at))
            row.distance_m = far if far < float("inf") else None
        return


def _once(row: Submission, sent: Sent) -> tuple[Submission, bool]:
    """Return the submission that has this id: the one that is there, or this one."""
    before = Submission.objects.filter(instance_id=row.instance_id).first()
    if before is None:
        row.replaces = _replaced(row, sent)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # it came twice at one moment
            before = Submission.objects.get(instance_id=row.instance_id)
    if before is None:
        return row, True
    if before.made_by_id != row.made_by_id:
        raise PermissionDenied("web_surveys.error.not_yours")
    if bytes(before.xml) != bytes(row.xml):
        raise FormError("submission.other_content", id=row.instance_id)
    return before, False


def _replaced(row: Submission, sent: Sent) -> Submission | None:
    """Return what a submission replaces, and let it wait for nobody any more.

    One that was replaced already stays as it is: the two newer ones stand against each other.
    """
    if not sent.deprecated_id:
        return None
    locked = Submission.objects.select_for_update(of=("self",))
    old = locked.filter(instance_id=sent.deprecated_id).first()
    if old is None:
        return None
    if old.made_by_id != row.made_by_id:
        raise PermissionDenied("web_surveys.error.not_yours")
    if hasattr(old, "replaced_by"):
        return None
    if old.state in {SubmissionState.WAITING, SubmissionState.RETURNED}:
        old.state = SubmissionState.REPLACED
        old.save(update_fields=["state"])
    return old


def _attach(submission: Submission, kept: Sequence[Attachment]) -> None:
    there = dict(submission.attachments.values_list("name", "sha256"))
    new = []
    for file in kept:
        if file.name not in there:
            file.submission = submission
            new.append(file)
        elif there[file.name] != file.sha256:
            raise FormError("submission.other_file", file=file.name)
    Attachment.objects.bulk_create(new, ignore_conflicts=True)


def values_of(seen: Mapping[str, object]) -> dict[str, object]:
    """Return what a submission keeps in ``seen``, with its days as days."""
    return {
        column: date.fromisoformat(str(value)) if column == "surveyed_on" else value
        for column, value in seen.items()
    }
