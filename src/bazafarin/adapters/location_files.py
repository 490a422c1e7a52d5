"""Files that say what it costs to reach each site: a table of pairs, or a road graph.

Every problem of a file is gathered and told at once; nothing is read in part.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from bazafarin.adapters.persian_text import parse_number
from bazafarin.decision.siting import TravelCosts
from bazafarin.domain.errors import BazafarinError, DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COLUMNS = ("demand_id", "site_id", "cost")
WEIGHT = "weight"
_FIRST_LINE = 2
"""The line of a table's first row: the names of the columns stand on the one before."""
_NAMED = 10
"""So many lines or demand points of one trouble are named; all are counted."""
_NUMBERS_OF_A_LINE = 3


def read_distances(path: Path) -> TravelCosts:
    """Return the costs of a CSV with ``demand_id``, ``site_id``, ``cost`` and maybe ``weight``.

    A pair that is not there cannot be reached; a demand point without weights counts for 1.
    Demand points and sites keep the order in which they first come.

    Raises:
        DeliveryError: the file cannot be read; a column is missing; an id, cost or weight is
            missing; a cost or weight is negative or no number; a pair comes twice; a demand
            point has different weights.
    """
    table = _table(path)
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise DeliveryError("siting.file.columns", path=path, columns=missing)
    demand, site = table["demand_id"].str.strip(), table["site_id"].str.strip()
    cost = _numbers(table["cost"])
    weight = _numbers(table[WEIGHT]) if WEIGHT in table else np.ones(len(table))
    is_named = ((demand != "") & (site != "")).to_numpy()
    found = [
        *_of_lines("siting.problem.no_id", ~is_named),
        *_of_lines("siting.problem.cost", np.isnan(cost)),
        *_of_lines("siting.problem.weight", np.isnan(weight)),
        *_of_lines(
            "siting.problem.duplicate",
            is_named & pd.DataFrame({"d": demand, "s": site}).duplicated().to_numpy(),
        ),
        *_different_weights(demand[is_named], weight[is_named]),
    ]
    if table.empty:
        found.append(BazafarinError("siting.problem.empty"))
    if found:
        raise DeliveryError("siting.file.problems", path=path, found=found)
    row, demand_ids = pd.factorize(demand)
    column, site_ids = pd.factorize(site)
    first = np.unique(row, return_index=True)[1]
    shape = (len(demand_ids), len(site_ids))
    return TravelCosts.of(
        _costs(row, column, cost, shape),
        weight=weight[first],
        demand_ids=list(demand_ids),
        site_ids=list(site_ids),
    )


def read_graph(path: Path) -> tuple[TravelCosts, int]:
    """Return the costs and p of a graph in the form of OR-Library's pmed files.

    The first line says nodes, edges and p; every other line an edge: two nodes from 1 on
    and a cost. Edges have no direction, and where one comes again its last cost counts.
    Every node is demand point and site; costs are those of the shortest ways.

    Raises:
        DeliveryError: the file cannot be read; the first line or an edge is not of that
            form; there are more or fewer edges than the first line says.
    """
    lines = [line.split() for line in _text(path).splitlines()]
    lines = lines[: max((at for at, words in enumerate(lines, 1) if words), default=0)]
    nodes, said, p = _whole_numbers(lines[0]) if lines else (0, 0, 0)
    if min(nodes, p) < 1:
        first = BazafarinError("siting.problem.first_line")
        raise DeliveryError("siting.file.problems", path=path, found=[first])
    edges = np.array([_edge(words) for words in lines[1:]]).reshape(-1, _NUMBERS_OF_A_LINE)
    ends, cost = edges[:, :2], edges[:, 2]
    is_sound = ((ends >= 1) & (ends <= nodes) & (ends == np.rint(ends))).all(axis=1)
    is_bad = ~(is_sound & (cost >= 0) & np.isfinite(cost))
    found = _of_lines("siting.problem.edge", is_bad, nodes=nodes)
    if len(edges) != said:
        found.append(BazafarinError("siting.problem.edges", said=said, count=len(edges)))
    if found:
        raise DeliveryError("siting.file.problems", path=path, found=found)
    return TravelCosts.of(_shortest(ends.astype(np.intp) - 1, cost, nodes)), p


def _shortest(ends: NDArray[np.intp], cost: NDArray[np.float64], nodes: int) -> NDArray[np.float64]:
    """Return the cost of the shortest way between every two nodes, infinite where there is none."""
    ends = np.sort(ends, axis=1)
    # Read from behind, the first cost of an edge is its last.
    kept = len(ends) - 1 - np.unique(ends[::-1], axis=0, return_index=True)[1]
    kept = kept[ends[kept, 0] != ends[kept, 1]]
    at = (ends[kept, 0], ends[kept, 1])
    graph = sparse.csr_array((cost[kept], at), shape=(nodes, nodes))
    return np.asarray(csgraph.dijkstra(graph, directed=False), dtype=np.float64)


def _costs(
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    cost: NDArray[np.float64],
    shape: tuple[int, int],
) -> NDArray[np.float64] | sparse.csr_array:
    """Return the costs as one array where every pair is there, and else only those that are."""
    if len(cost) < shape[0] * shape[1]:
        return sparse.csr_array((cost, (row, column)), shape=shape)
    full = np.empty(shape)
    full[row, column] = cost
    return full


def _table(path: Path) -> pd.DataFrame:
    """Return a CSV as text, with its columns' names trimmed.

    A spreadsheet of a country whose decimal mark is a comma parts its columns by ``;``.
    """
    text = _text(path)
    head = text.partition("\n")[0]
    mark = ";" if ";" in head and "," not in head else ","
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=mark, dtype=str, keep_default_na=False, skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DeliveryError("siting.file.not_csv", path=path, reason=str(error)) from error
    table = table.rename(columns=str.strip)
    if mark == ";":
        numbers = [name for name in ("cost", WEIGHT) if name in table]
        table[numbers] = table[numbers].apply(lambda texts: texts.str.replace(",", "."))
    return table


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeliveryError("siting.file.unreadable", path=path, reason=reason) from error
    except UnicodeDecodeError as error:
        raise DeliveryError("siting.file.not_utf8", path=path) from error


def _numbers(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Return numbers of 0 or more, in any digits, NaN for what is none."""
    numbers = pd.to_numeric(texts.str.strip(), errors="coerce").to_numpy(dtype=np.float64)
    unread = np.isnan(numbers)
    numbers = numbers.copy()
    numbers[unread] = parse_number(texts[unread]).to_numpy()
    return np.where(np.isfinite(numbers) & (numbers >= 0), numbers, np.nan)


def _of_lines(code: str, is_bad: NDArray[np.bool_], **facts: object) -> list[BazafarinError]:
    """Return one trouble of all the lines that have it, or nothing."""
    at = np.nonzero(is_bad)[0]
    if len(at) == 0:
        return []
    lines = [int(row) + _FIRST_LINE for row in at[:_NAMED]]
    return [BazafarinError(code, count=len(at), lines=lines, **facts)]


def _different_weights(demand: pd.Series[str], weight: NDArray[np.float64]) -> list[BazafarinError]:
    counts = pd.Series(weight).groupby(demand.to_numpy(), sort=False).nunique()
    names = list(counts.index[counts > 1])
    if not names:
        return []
    return [BazafarinError("siting.problem.weights_differ", count=len(names), names=names[:_NAMED])]


def _whole_numbers(words: list[str]) -> tuple[int, int, int]:
    """Return the three whole numbers of a line, zeros where it is another."""
    if len(words) != _NUMBERS_OF_A_LINE or not all(word.isdecimal() for word in words):
        return 0, 0, 0
    return int(words[0]), int(words[1]), int(words[2])


def _edge(words: list[str]) -> tuple[float, float, float]:
    """Return the three numbers of a line, NaN where it is another."""
    try:
        first, second, cost = (float(word) for word in words)
    except ValueError:
        return np.nan, np.nan, np.nan
    return first, second, cost
