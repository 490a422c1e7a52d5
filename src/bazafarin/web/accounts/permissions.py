"""What may be done, what each role may do, and the one check.

A membership is a role at a place; it reaches every place below it. A surveyor of a
neighbourhood sees that neighbourhood, the province its cities.

Who may give which role is a table of its own (``MAY_GIVE``), not "whatever one may do oneself":
an administrator of the system manages people and reads no household's data, yet has to appoint
those who do; a manager who could appoint another manager, or an administrator, could make a
second self that nobody above them knows of. So a manager gives the roles that work for them,
and those who stand beside or above them are appointed by an administrator. The same table says
whose role may be taken, whose password may be set anew and whose account may be closed: each of
them would otherwise be a way round it. What is left to an administrator is recorded in the
audit, which they cannot edit.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Place


class Permission(StrEnum):
    """One thing that may be done at a place."""

    SEE_PLACES = "see_places"
    """See the map and the pages of places: shapes, uses, what was found of a block."""
    SEE_BUILDINGS = "see_buildings"
    """See how a parcel is built: structure, quality, floors, year, ownership, land value."""
    SEE_PEOPLE = "see_people"
    """See what concerns people: households, population, their will to renovate."""
    PREPARE_EDITION = "prepare_edition"
    """Deliver a city file and have its changes worked out."""
    DECIDE_EDITION = "decide_edition"
    """Accept or refuse a prepared edition as a whole."""
    CORRECT_PLACES = "correct_places"
    """Draw or correct a parcel or a boundary."""
    SEE_PLANS = "see_plans"
    """See the results of studies and take them away."""
    RUN_STUDIES = "run_studies"
    """Have studies run, and cancel them."""
    SEE_CASES = "see_cases"
    """See the cases about parcels, and what has happened in them."""
    KEEP_CASES = "keep_cases"
    """Open cases, and record what has happened in them."""
    RUN_SURVEYS = "run_surveys"
    """Begin surveys, give their blocks to surveyors, and see how far they are."""
    REVIEW_ANSWERS = "review_answers"
    """Read all that surveyors sent, people's answers too, and accept or return it."""
    FILL_FORMS = "fill_forms"
    """Fill forms of the survey, on a phone or at a desk."""
    SEE_OFFICES = "see_offices"
    """See facilitation offices, what they did, and their monthly reports."""
    KEEP_OFFICES = "keep_offices"
    """Record what a facilitation office did."""
    RUN_OFFICES = "run_offices"
    """Open and close facilitation offices, and say who works there."""
    MANAGE_PEOPLE = "manage_people"
    """Add people, and give and take roles, at one's own place and below."""
    SEE_AUDIT = "see_audit"
    """See who changed what."""
    USE_INTERFACES = "use_interfaces"
    """Make a token, with which a program reads what its owner may see."""


class Role(StrEnum):
    """What somebody is at a place."""

    MANAGER = "manager"
    PLANNER = "planner"
    SURVEYOR = "surveyor"
    AGENCY = "agency"
    HEADQUARTERS_SECRETARY = "headquarters_secretary"
    COMMISSION_SECRETARY = "commission_secretary"
    GREEN_BUILDING_SECRETARY = "green_building_secretary"
    PROVINCE = "province"
    OWNER = "owner"
    ADMINISTRATOR = "administrator"


_P = Permission
_READ: Final = frozenset({_P.SEE_PLACES, _P.SEE_PLANS})
PERMISSIONS_OF: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.MANAGER: frozenset(_P) - {_P.CORRECT_PLACES},
    Role.PLANNER: frozenset(_P) - {_P.MANAGE_PEOPLE, _P.SEE_AUDIT},
    Role.SURVEYOR: frozenset(
        {_P.SEE_PLACES, _P.SEE_BUILDINGS, _P.SEE_PEOPLE, _P.FILL_FORMS, _P.SEE_OFFICES}
    )
    | {_P.KEEP_OFFICES},
    Role.AGENCY: _READ,
    Role.HEADQUARTERS_SECRETARY: _READ | {_P.SEE_CASES, _P.SEE_OFFICES},
    Role.COMMISSION_SECRETARY: _READ | {_P.SEE_BUILDINGS, _P.SEE_CASES, _P.KEEP_CASES},
    Role.GREEN_BUILDING_SECRETARY: _READ | {_P.SEE_BUILDINGS},
    Role.PROVINCE: _READ | {_P.USE_INTERFACES},
    Role.OWNER: frozenset({_P.SEE_PLACES}),
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_PEOPLE, _P.SEE_AUDIT}),
}

_APPOINTED: Final = frozenset({Role.MANAGER, Role.PROVINCE, Role.ADMINISTRATOR})
"""The roles that an administrator alone gives."""
MAY_GIVE: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.MANAGER: frozenset(Role) - _APPOINTED,
}
"""Which roles the holder of a role gives and takes, at their own place and below."""


def may_give(user: User | AnonymousUser, role: Role, place: Place) -> bool:
    """Return whether ``user`` may give or take ``role`` at ``place``."""
    if not user.is_authenticated or not user.is_active:
        return False
    return any(
        role in MAY_GIVE.get(held, ()) and place.path.startswith(path)
        for held, path in user.roles_at
    )


def roles_to_give(user: User) -> tuple[Role, ...]:
    """Return the roles that ``user`` may give at some place of theirs."""
    given = frozenset[Role]().union(*(MAY_GIVE.get(held, ()) for held, _ in user.roles_at))
    return tuple(role for role in Role if role in given)


def has_permission(
    user: User | AnonymousUser, permission: Permission, place: Place | None = None
) -> bool:
    """Return whether ``user`` may do it at ``place``; without a place, anywhere at all."""
    if not user.is_authenticated or not user.is_active:
        return False
    if place is None:
        return any(permission in PERMISSIONS_OF[role] for role, _ in user.roles_at)
    return any(
        permission in PERMISSIONS_OF[role] and place.path.startswith(path)
        for role, path in user.roles_at
    )


def paths_with(user: User | AnonymousUser, permission: Permission) -> tuple[str, ...]:
    """Return the paths of the places at and below which ``user`` may do it."""
    if not user.is_authenticated or not user.is_active:
        return ()
    return tuple(
        sorted({path for role, path in user.roles_at if permission in PERMISSIONS_OF[role]})
    )
