"""The one way to add an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bazafarin.web.audit.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.accounts.models import User


def record(  # noqa: PLR0913 - who did what to what, where, from what to what
    action: str,
    *,
    by: User | None,
    subject_kind: str,
    subject_id: object,
    place_path: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Add an event to the change that the open transaction makes.

    Raises:
        RuntimeError: no transaction is open; the event could outlive a change that failed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action} is not recorded within its change's transaction")
    return AuditEvent.objects.create(
        action=action,
        by=by,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        place_path=place_path,
        before=dict(before or {}),
        after=dict(after or {}),
    )
