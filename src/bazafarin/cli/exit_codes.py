"""What the command ends with: one table from errors to exit codes."""

from __future__ import annotations

from bazafarin.domain.errors import (
    BackupError,
    BazafarinError,
    DeliveryError,
    FormError,
    InterruptedRunError,
    MappingError,
    OutputError,
    RenderingError,
    ScenarioError,
    SiteError,
    StandardsError,
    UsageError,
)

DONE = 0
FAULT = 70
"""A fault of the program itself; ``--debug`` shows where."""

INTERRUPTED = 130

EXIT_CODES: dict[type[BazafarinError], int] = {
    UsageError: 2,
    ScenarioError: 2,
    FormError: 2,
    DeliveryError: 3,
    MappingError: 4,
    StandardsError: 5,
    OutputError: 6,
    RenderingError: 7,
    SiteError: 8,
    BackupError: 9,
    InterruptedRunError: INTERRUPTED,
}


def exit_code(error: BazafarinError) -> int:
    """Return the exit code of an error: that of its nearest class in the table."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), FAULT)
