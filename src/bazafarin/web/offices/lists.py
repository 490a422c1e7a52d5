"""What an office did as a file."""

from __future__ import annotations

from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import language, said
from bazafarin.web.offices.duties import duties


def done_listing() -> Listing:
    """Return what an office did, record by record."""
    names = duties().names[language()]
    return Listing(
        name="office",
        title=said("web_offices.done"),
        columns=[
            ListColumn(
                "happened_on", said("web_offices.happened_on"), lambda done: done.happened_on
            ),
            ListColumn(
                "kind", said("web_offices.kind"), lambda done: done.kind,
                say=lambda kind: said(f"web_offices.kinds.{kind}"),
            ),
            ListColumn(
                "duty", said("web_offices.duty"), lambda done: done.duty,
                say=lambda duty: names.get(duty, duty),
            ),
            ListColumn("people", said("web_offices.people"), lambda done: done.people, kind=int),
            ListColumn(
                "parcel", said("web_offices.parcel"), lambda done: done.parcel_key or None
            ),
            ListColumn(
                "referred_to", said("web_offices.referred_to"),
                lambda done: done.referred_to or None,
            ),
            ListColumn("words", said("web_offices.words"), lambda done: done.words or None),
        ],
    )  # fmt: skip
