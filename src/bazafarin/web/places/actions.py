"""Adding places, and what is decided of editions; each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.audit.record import record
from bazafarin.web.jobs.actions import ask
from bazafarin.web.places.models import City, Edition, Place
from bazafarin.web.places.models.edition import EditionKind, EditionState
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.preparing import discard

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.jobs.models import Job

PREPARE = "prepare_edition"
"""The kind of work that reads and stages an edition."""


@transaction.atomic
def add_place(
    *, by: User | None, kind: PlaceKind, name_fa: str, parent: Place | None, code: str = ""
) -> Place:
    """Add a place to the tree; a city has its layers from then on."""
    if by is not None and not has_permission(by, Permission.MANAGE_PEOPLE, parent):
        raise PermissionDenied(Permission.MANAGE_PEOPLE)
    place = Place.objects.create(kind=kind, name_fa=name_fa, parent=parent, code=code)
    if kind == PlaceKind.CITY:
        City.objects.create(place=place)
    record(
        "place.added", by=by, subject_kind="place", subject_id=place.pk, place_path=place.path,
        after={"kind": kind, "name_fa": name_fa, "code": code},
    )  # fmt: skip
    return place


@transaction.atomic
def begin_edition(
    *, by: User | None, city: City, dated: date, note: str, kind: EditionKind = EditionKind.DELIVERY
) -> Edition:
    """Begin the next edition of a city; its delivery is put beside it before it is prepared.

    Raises:
        UsageError: another edition waits to be accepted or refused.
    """
    check_may(by, Permission.PREPARE_EDITION, city.place)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                city=city,
                number=city.current + 1,
                kind=kind,
                state=EditionState.READING,
                dated=dated,
                note=note,
                made_by=by,
            )
    except IntegrityError as error:
        raise UsageError("web_places.error.edition_waits", city=city.place.name_fa) from error
    record(
        "edition.begun", by=by, subject_kind="edition", subject_id=edition.pk,
        place_path=city.place.path, after={"number": edition.number, "dated": dated},
    )  # fmt: skip
    return edition


def put_files(*, edition: Edition, files: Mapping[str, str]) -> None:
    """Write down under which names the delivery and its mapping lie beside the edition."""
    edition.files = dict(files)
    edition.save(update_fields=["files"])


@transaction.atomic
def give_up(*, edition: Edition) -> None:
    """End an edition whose delivery could not be taken in."""
    edition.state = EditionState.FAILED
    edition.save(update_fields=["state"])
    record(
        "edition.failed", by=None, subject_kind="edition", subject_id=edition.pk,
        place_path=edition.city.place.path,
    )  # fmt: skip


def ask_to_prepare(*, by: User | None, edition: Edition) -> Job:
    """Have an edition read and staged in the background."""
    return ask(PREPARE, by=by, place=edition.city.place, asked={"edition": edition.pk})


@transaction.atomic
def accept_edition(*, by: User | None, edition: Edition) -> None:
    """Let a prepared edition be the one that everybody sees."""
    check_may(by, Permission.DECIDE_EDITION, edition.city.place)
    decided = Edition.objects.filter(pk=edition.pk, state=EditionState.PREPARED).update(
        state=EditionState.ACCEPTED, decided_at=timezone.now(), decided_by=by
    )
    if not decided:
        raise UsageError("web_places.error.not_prepared", number=edition.number)
    city = edition.city
    before = city.current
    city.current = edition.number
    city.is_synthetic = edition.is_synthetic
    city.save(update_fields=["current", "is_synthetic"])
    edition.refresh_from_db()
    record(
        "edition.accepted", by=by, subject_kind="edition", subject_id=edition.pk,
        place_path=city.place.path, before={"current": before}, after={"current": edition.number},
    )  # fmt: skip


@transaction.atomic
def refuse_edition(*, by: User | None, edition: Edition) -> None:
    """Refuse a prepared edition as a whole, and remove what was staged of it."""
    check_may(by, Permission.DECIDE_EDITION, edition.city.place)
    decided = Edition.objects.filter(pk=edition.pk, state=EditionState.PREPARED).update(
        state=EditionState.REFUSED, decided_at=timezone.now(), decided_by=by
    )
    if not decided:
        raise UsageError("web_places.error.not_prepared", number=edition.number)
    discard(edition)
    edition.refresh_from_db()
    record(
        "edition.refused", by=by, subject_kind="edition", subject_id=edition.pk,
        place_path=edition.city.place.path, after={"number": edition.number},
    )  # fmt: skip


def check_may(by: User | None, permission: Permission, place: Place) -> None:
    """Raise where ``by`` may not do it at ``place``; None is the site's own set-up."""
    if by is not None and not has_permission(by, permission, place):
        raise PermissionDenied(permission)
