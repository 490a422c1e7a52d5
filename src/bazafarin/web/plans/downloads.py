"""The files of a plan, and who may take which away.

A file tells of the whole city, so it goes to whoever may see the whole city. The tables hold
the people of each neighbourhood and block; the map holds how each parcel is built. A document
tells of people as sums: where one of them is too small, or where it names works and sites with
the few people whom each serves, it goes with the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.places.scope import is_whole
from bazafarin.web.plans.making import DIAGNOSIS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.accounts.models import User
    from bazafarin.web.plans.models import Plan

_P = Permission
_TABLES: Final = (_P.SEE_PLANS, _P.SEE_PEOPLE, _P.SEE_BUILDINGS)
NEEDS: Final[Mapping[str, tuple[Permission, ...]]] = {
    "document.pdf": (_P.SEE_PLANS,),
    DIAGNOSIS: (_P.SEE_PLANS,),
    "plan.xlsx": _TABLES,
    "plan.gpkg": _TABLES,
    "map.html": (_P.SEE_PLANS, _P.SEE_BUILDINGS),
    "findings.json": _TABLES,
    "reading_report.html": (_P.SEE_PLANS, _P.PREPARE_EDITION),
}
"""Every file that is given out, and what one must be allowed for it; no other name is served."""
_DOCUMENTS: Final = ("document.pdf", DIAGNOSIS)
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "document.pdf": "application/pdf",
    DIAGNOSIS: "application/pdf",
    "plan.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "plan.gpkg": "application/geopackage+sqlite3",
    "map.html": "text/html; charset=utf-8",
    "findings.json": "application/json",
    "reading_report.html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a plan: its name, its size, and whether it may be taken away."""

    name: str
    size_bytes: int
    is_open: bool

    @property
    def word(self) -> str:
        """Return the wording key of what it is."""
        return f"web_plans.files.{self.name.replace('.', '_')}"

    @property
    def size_mib(self) -> float:
        """Return the size in mebibytes."""
        return self.size_bytes / 2**20

    @property
    def kind(self) -> str:
        """Return the ending of the name, as people call the kind of file."""
        return self.name.rpartition(".")[2].upper()


def needs_of(plan: Plan, name: str) -> tuple[Permission, ...]:
    """Return what one must be allowed, at the whole city, to take a file of ``plan`` away."""
    names_few = name == "document.pdf" and plan.scenario is not None
    if names_few or (name in _DOCUMENTS and plan.has_small_groups):
        return (*NEEDS[name], _P.SEE_PEOPLE)
    return NEEDS[name]


def may_take(user: User, plan: Plan, name: str) -> bool:
    """Return whether ``user`` may take a file of ``plan`` away."""
    return all(is_whole(user, needed, plan.city) for needed in needs_of(plan, name))


def downloads_of(user: User, plan: Plan) -> list[Download]:
    """Return the files that a plan has, and which of them ``user`` may take."""
    return [
        Download(name, path.stat().st_size, may_take(user, plan, name))
        for name in NEEDS
        if (path := plan.folder / name).exists()
    ]
