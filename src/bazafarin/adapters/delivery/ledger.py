"""What reading found, row by row: problems are gathered here and reported at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bazafarin.domain.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.domain.errors import DeliveryError


class Ledger:
    """The problems of one delivery, in the order in which they were found."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything found so far."""
        return tuple(self._problems)

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """Return what makes the delivery unusable."""
        return tuple(p for p in self._problems if p.severity is Severity.FATAL)

    def note(
        self,
        code: str,
        layer: str,
        severity: Severity = Severity.NOTE,
        *,
        field: str | None = None,
        **facts: Any,  # noqa: ANN401 - whatever fills the sentence
    ) -> None:
        """Record a trouble of the layer as a whole."""
        self._problems.append(Problem(code, layer, severity, field=field, facts=facts))

    def rows(  # noqa: PLR0913 - a problem's own parts, each named
        self,
        code: str,
        layer: str,
        severity: Severity,
        rows: Iterable[int] | np.ndarray | pd.Index,
        *,
        values: Iterable[object] = (),
        field: str | None = None,
        **facts: Any,  # noqa: ANN401 - whatever fills the sentence
    ) -> None:
        """Record a trouble at ``rows``; nothing where there are none."""
        numbers = tuple(np.asarray(rows, dtype=np.int64).tolist())
        if not numbers:
            return
        texts = tuple(str(value) for value in values)
        self._problems.append(Problem(code, layer, severity, numbers, field, texts, facts))

    def raise_if_fatal(self, error: type[DeliveryError]) -> None:
        """Raise ``error`` with all that was found: each fatal trouble in its own sentence."""
        fatal = self.fatal
        if not fatal:
            return
        facts: list[dict[str, Any]] = [
            {"layer": p.layer, "field": p.field, **p.facts} for p in fatal
        ]
        faults = tuple(error(p.code, **told) for p, told in zip(fatal, facts, strict=True))
        if len(faults) == 1:
            raise error(faults[0].code, problems=self.problems, **faults[0].facts)
        raise error("reading.several", problems=self.problems, number=len(faults), faults=faults)


def rejected_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return every rejected row once per reason: ``layer``, ``row``, ``reason`` (the code)."""
    rejected = [problem for problem in problems if problem.severity is Severity.REJECTED]
    counts = [len(problem.rows) for problem in rejected]
    table = pd.DataFrame(
        {
            "layer": pd.array(np.repeat([p.layer for p in rejected], counts), dtype="str"),
            "row": np.fromiter(chain.from_iterable(p.rows for p in rejected), dtype=np.int64),
            "reason": pd.array(np.repeat([p.code for p in rejected], counts), dtype="str"),
        }
    )
    return table.drop_duplicates(ignore_index=True)
