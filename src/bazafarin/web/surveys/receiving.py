"""A submission taken in: once, whole, and from whom may send it.

What is said here to have been taken is on the disk. What comes again under the same id changes
nothing: a phone that did not hear our word sends once more.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import shapely
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from pyproj import Transformer

from bazafarin.adapters.openrosa.submission import read_submission
from bazafarin.adapters.survey_form.answers import AnswerRow, Point, read_answers, value_of
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.domain.errors import FormError
from bazafarin.domain.solar_hijri import GREGORIAN_YEARS
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Parcel, Place
from bazafarin.web.surveys.forms_kept import definition_of, parcel_question, seen_of
from bazafarin.web.surveys.models import (
    Assignment,
    FormState,
    FormVersion,
    Revisit,
    Submission,
    SubmissionState,
)
from bazafarin.web.surveys.parcels_given import VERSIONS_AN_EDITION
from bazafarin.web.surveys.received_files import SentFile, attach, kept_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.openrosa.submission import Submission as Sent
    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.web.accounts.models import User


def receive(*, by: User, xml: bytes, files: Sequence[SentFile] = ()) -> tuple[Submission, bool]:
    """Take in a submission with some or all of its files; return it and whether it is new.

    Raises:
        FormError: it is no submission to a form that is there, or is another one under the same
            id.
        PermissionDenied: it is of a parcel that ``by`` never had, or replaces another's.
    """
    sent = read_submission(xml)
    version = _version(sent)
    definition = definition_of(version)
    # what is there already is taken as it was: since then a block may have gone to somebody else
    before = _there(by, sent, xml)
    row = _row(by, sent, xml, version, definition) if before is None else before
    # a file is on the disk before its row is there
    kept = kept_files(files, sent, definition)
    with transaction.atomic():
        submission, is_new = (row, False) if before else _once(row, sent)
        if is_new and submission.state == SubmissionState.REVISIT:
            looked = Revisit.objects.filter(
                Q(second=None) | Q(second=submission.replaces),
                survey=submission.survey, parcel_key=submission.parcel_key,
            )  # fmt: skip
            looked.update(second=submission)
        attach(submission, kept)
    return submission, is_new


def _there(by: User, sent: Sent, xml: bytes) -> Submission | None:
    """Return the submission that came before under the same id, None where none did.

    Raises:
        PermissionDenied: it is somebody else's.
        FormError: it says something else.
    """
    before = Submission.objects.filter(instance_id=sent.instance_id).first()
    if before is None:
        return None
    if before.made_by_id != by.pk:
        raise PermissionDenied("web_surveys.error.not_yours")
    if bytes(before.xml) != xml:
        raise FormError("submission.other_content", id=sent.instance_id)
    return before


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


def _row(
    by: User, sent: Sent, xml: bytes, version: FormVersion, definition: FormDefinition
) -> Submission:
    """Return the submission as it will stand, with what its answers tell."""
    top = read_answers(definition, sent.root)[0]
    seen, unfit = seen_of(version, top.answers)
    base = next((each.base_version for each in sent.entities), None)
    base = None if base is None else base // VERSIONS_AN_EDITION
    began, ended = (_moment(definition, top, name) for name in ("start", "end"))
    row = Submission(
        version=version, instance_id=sent.instance_id, made_by=by,
        state=SubmissionState.WAITING, base_edition=base, began_at=began, ended_at=ended,
        seen=seen, unfit=unfit, xml=xml,
    )  # fmt: skip
    question = parcel_question(definition)
    if question:
        key = top.answers.get(question, "")
        if not _is_second_look(row, by, key, sent.deprecated_id):
            _about_parcel(row, by, key)
        _measure_distance(row, definition, top)
    else:
        row.place = _place_of(by, version.form.place)
    return row


def _about_parcel(row: Submission, by: User, key: str) -> None:
    """Find the survey in which ``by`` has the parcel, or had it: the open ones before all."""
    reach = _reach(by)
    given = Assignment.objects.filter(surveyor=by, survey__form=row.version.form)
    for each in given.select_related("survey__place", "survey__city").order_by(
        F("survey__closed_on").desc(nulls_first=True), F("ended_at").desc(nulls_first=True), "-id"
    ):
        place = each.survey.place
        if key in each.parcel_keys and any(place.path.startswith(path) for path in reach):
            row.survey, row.place = each.survey, place
            row.parcel_key, row.block_key = key, each.block_key
            return
    raise PermissionDenied("web_surveys.error.not_yours")


def _is_second_look(row: Submission, by: User, key: str, replaces: str) -> bool:
    """Return whether ``by`` was asked for a second look that this is, or sends one anew."""
    asked = Revisit.objects.filter(
        Q(second=None) | Q(second__instance_id=replaces),
        surveyor=by, parcel_key=key, survey__form=row.version.form,
    ).select_related("survey__place", "survey__city", "first")  # fmt: skip
    reach = _reach(by)
    for each in asked:
        if any(each.survey.place.path.startswith(path) for path in reach):
            row.survey, row.place = each.survey, each.survey.place
            row.parcel_key, row.block_key = key, each.first.block_key
            row.state = SubmissionState.REVISIT
            return True
    return False


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
            if isinstance(value, datetime) and value.year in GREGORIAN_YEARS:
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
        held = Parcel.objects.filter(city=city, key=row.parcel_key, since__lte=city.current)
        parcel = held.order_by("-since").first()
        if parcel is not None and parcel.geometry is not None:
            turn = Transformer.from_crs(4326, city.srid, always_xy=True)
            at = shapely.Point(*turn.transform(point.longitude, point.latitude))
            far = float(shapely.distance(parcel.geometry, at))
            row.distance_m = far if far < float("inf") else None
        return


def _once(row: Submission, sent: Sent) -> tuple[Submission, bool]:
    """Return this submission and that it is new, or the one that came at the same moment."""
    try:
        with transaction.atomic():
            row.replaces = _replaced(row, sent)
            row.save(force_insert=True)
    except IntegrityError:
        before = _there(row.made_by, sent, bytes(row.xml))
        if before is None:  # it was no second coming that the database refused
            raise
        return before, False
    return row, True


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
    if old.state != SubmissionState.ACCEPTED:
        old.state = SubmissionState.REPLACED
        old.save(update_fields=["state"])
    return old


def values_of(seen: Mapping[str, object]) -> dict[str, object]:
    """Return what a submission keeps in ``seen``, with its days as days."""
    return {
        column: date.fromisoformat(str(value)) if column == "surveyed_on" else value
        for column, value in seen.items()
    }
