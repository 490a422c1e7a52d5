"""Every error that a reader may meet: one small tree under BazafarinError.

An error carries a stable ``code`` and the ``facts`` that fill its sentence. The
sentences, Persian and English, are data: ``adapters/wording``. The exit codes are
one table: ``cli/exit_codes.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bazafarin.domain.problem import Problem


class BazafarinError(Exception):
    """An error that ends the work with one clear message.

    Args:
        code: stable key of the sentence in the wording catalogue, such as ``layer.missing``.
        facts: what fills the sentence: the thing, the value, the rule, the way out.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)  # all that a copy is made of, but for its attributes
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """Return the code and facts, for developers; readers see the catalogue's sentence."""
        return f"{self.code}: " + ", ".join(f"{name}={fact!r}" for name, fact in self.facts.items())


class UsageError(BazafarinError):
    """The command was given something it cannot take (a date, a number, a layer name)."""


class DeliveryError(BazafarinError):
    """The delivery cannot be used at all: a file, a layer, a coordinate system.

    ``problems`` holds everything that reading had found by then, so that it is all
    reported at once.
    """

    def __init__(self, code: str, *, problems: tuple[Problem, ...] = (), **facts: object) -> None:
        super().__init__(code, **facts)
        self.problems = problems


class MappingError(DeliveryError):
    """A mapping file names a layer, field, code or unit that does not exist."""


class StandardsError(BazafarinError):
    """A rule is missing, uncited, badly written or not in force on the day asked."""


class ScenarioError(UsageError):
    """A scenario asks for what cannot be: an unreadable file, a service without a price."""


class OutputError(BazafarinError):
    """The results cannot be written; what was there before is untouched."""


class InterruptedRunError(BazafarinError):
    """The run was stopped by its user; nothing half-written is left."""


class RenderingError(BazafarinError):
    """A document or map could not be drawn from results that are themselves sound."""


class FormError(UsageError):
    """A form of the survey, or the answers to one, cannot be taken: it is told what is wrong."""


class SiteError(BazafarinError):
    """The site cannot be opened: its address or folder is in use, its database not reachable."""


class BackupError(BazafarinError):
    """A file is no sound backup of a site, or of one that this edition cannot read."""
