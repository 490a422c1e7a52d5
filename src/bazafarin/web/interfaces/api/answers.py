"""Which answers an address of the API has: its own, and a problem for each way to go wrong."""

from __future__ import annotations

from typing import Any, Final

from bazafarin.web.interfaces.api.shapes import ProblemShape

PROBLEMS: Final = (400, 401, 403, 404)
"""The statuses of what may be wrong with a request."""


def answers(shape: Any) -> dict[int, Any]:  # noqa: ANN401 - a class or a list of it
    """Return the shape of each status's answer."""
    return {200: shape, **dict.fromkeys(PROBLEMS, ProblemShape)}
