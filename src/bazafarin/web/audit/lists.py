"""The list of events as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.audit.models import AuditEvent


def events_listing() -> Listing:
    """Return who changed what, from what to what."""
    return Listing(
        name="events",
        title=said("web_audit.title"),
        columns=[
            ListColumn("at", said("web_audit.at"), lambda event: event.at),
            ListColumn("by", said("web_audit.by"), _by),
            ListColumn(
                "action",
                said("web_audit.action"),
                lambda event: event.action,
                say=lambda action: said(f"web_audit.actions.{action}"),
            ),
            ListColumn("subject", said("web_audit.subject"), _subject),
            ListColumn("before", said("web_audit.before"), lambda event: _values(event.before)),
            ListColumn("after", said("web_audit.after"), lambda event: _values(event.after)),
        ],
    )


def _by(event: AuditEvent) -> str:
    return said("web_audit.system") if event.by is None else str(event.by)


def _subject(event: AuditEvent) -> str:
    return f"{said(f'web_audit.kinds.{event.subject_kind}')} {event.subject_id}"


def _values(values: Mapping[str, object]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None
