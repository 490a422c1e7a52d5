"""The list of cases as a file."""

from __future__ import annotations

from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import said


def cases_listing() -> Listing:
    """Return the cases with their parcels and days."""
    return Listing(
        name="cases",
        title=said("web_cases.title"),
        columns=[
            ListColumn("number", said("web_cases.number"), lambda case: case.number, kind=int),
            ListColumn("city", said("web_cases.city"), lambda case: case.city.place.name_fa),
            ListColumn(
                "kind", said("web_cases.kind"), lambda case: case.kind,
                say=lambda kind: said(f"web_cases.kinds.{kind}"),
            ),
            ListColumn("subject", said("web_cases.subject"), lambda case: case.subject),
            ListColumn(
                "parcels", said("web_cases.parcels"),
                lambda case: ", ".join(parcel.key for parcel in case.parcels.all()),
            ),
            ListColumn("opened_on", said("web_cases.opened_on"), lambda case: case.opened_on),
            ListColumn("closed_on", said("web_cases.closed_on"), lambda case: case.closed_on),
        ],
    )  # fmt: skip
