"""The list of work as a file."""

from __future__ import annotations

from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import said


def jobs_listing() -> Listing:
    """Return work that was asked for, and what became of it."""
    return Listing(
        name="jobs",
        title=said("web_jobs.title"),
        columns=[
            ListColumn(
                "kind",
                said("web_jobs.kind"),
                lambda job: job.kind,
                say=lambda kind: said(f"web_jobs.kinds.{kind}"),
            ),
            ListColumn("place", said("web_jobs.place"), lambda job: job.place and str(job.place)),
            ListColumn("by", said("web_jobs.by"), lambda job: job.by and str(job.by)),
            ListColumn("made_at", said("web_jobs.made_at"), lambda job: job.made_at),
            ListColumn(
                "state",
                said("web_jobs.state"),
                lambda job: job.state,
                say=lambda state: said(f"web_jobs.states.{state}"),
            ),
        ],
    )
