"""What a person reads of the commands of the site."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.cli.said_table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what is said where it was asked for


def serve(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say the login that was made where there was none, and where the site is."""
    if "login" in result:
        yield wording.text("site.first_login", language)
        yield from _login(result["login"], language)
    yield _where(result, language)


def demo(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say where the site is and how each role comes in."""
    yield wording.text("site.logins", language)
    titles = [wording.text(f"site.{name}", language) for name in ("role", "user", "password")]
    rows = [
        [wording.text(f"web_accounts.roles.{role}", language), login["user"], login["password"]]
        for role, login in result["logins"].items()
    ]
    yield from table(titles, rows, language)
    yield wording.text("site.logins_in", language, path=result["file"])
    yield wording.text("cli.synthetic", language)
    phones = f"{result['address'].rstrip('/')}/openrosa"
    yield wording.text("site.phones", language, address=phones)
    yield _where(result, language)


def administrator(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say how the new administrator comes in."""
    yield wording.text("site.administrator_done", language)
    yield from _login(result, language)


def backup(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say where the backup lies and how it is kept."""
    mib = result["bytes"] / 2**20
    yield wording.text(
        "site.backup_done", language, path=result["path"], parts=result["parts"], mib=mib
    )
    yield wording.text("site.backup_secret", language)


def restore(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what stands where now."""
    made_at = datetime.fromisoformat(result["made_at"]).astimezone()
    at = made_at.strftime("%H:%M")
    yield wording.text(
        "site.restore_done",
        language,
        day=made_at.date(),
        at=persian_digits(at) if language == "fa" else at,
        path=result["data"],
    )


def _where(result: dict[str, Any], language: Language) -> str:
    key = "site.served_all" if result["host"] in _EVERYWHERE else "site.served_at"
    return wording.text(key, language, address=result["address"])


def _login(login: dict[str, Any], language: Language) -> Iterator[str]:
    titles = [wording.text(f"site.{name}", language) for name in ("user", "password")]
    yield from table(titles, [[login["user"], login["password"]]], language)
