"""The list of people as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from typing import Any


def people_listing() -> Listing:
    """Return people with their roles and whether their account is open."""
    return Listing(
        name="people",
        title=said("web_accounts.people"),
        columns=[
            ListColumn("name", said("web_accounts.name"), str),
            ListColumn("username", said("web_accounts.username"), lambda each: each.username),
            ListColumn("roles", said("web_accounts.my_roles"), _roles),
            ListColumn("is_active", said("web_accounts.state"), _is_active, bool, _state),
        ],
    )


def _roles(person: Any) -> str:  # noqa: ANN401 - a person with the roles they hold
    held = (f"{said(f'web_accounts.roles.{each.role}')}، {each.place}" for each in person.held)
    return "؛ ".join(held)


def _is_active(person: Any) -> bool:  # noqa: ANN401 - a person
    return bool(person.is_active)


def _state(is_active: bool) -> str:  # noqa: FBT001 - the value of a column
    return said("web_accounts.open" if is_active else "web_accounts.closed")
