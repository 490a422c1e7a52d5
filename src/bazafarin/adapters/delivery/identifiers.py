"""Every row with a name of its own: empty names are made, repeated ones are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.delivery.ledger import Ledger

OWN_NAMES = {
    "parcels": "parcel_id",
    "blocks": "block_id",
    "passages": "passage_id",
    "neighbourhoods": "neighbourhood_id",
    "facilities": "facility_id",
}
"""The column that names a row, for the layers whose rows others refer to."""


def named(ids: pd.Series, layer: str, ledger: Ledger) -> pd.Series:
    """Return ids that are all there and all different.

    An empty id is made of the row's number: ``row-17``. The second row of an id ``A`` that
    came twice is ``A~2``, the third ``A~3``: both rows stay, for they are different places,
    and the first keeps the name by which tables and letters know it. All of them are told.
    """
    empty = ids.isna()
    if empty.all():
        ledger.note("reading.id.all_made", layer, Severity.MENDED, field=str(ids.name))
    else:
        ledger.rows(
            "reading.id.made", layer, Severity.MENDED, ids.index[empty], field=str(ids.name)
        )
    filled = ids.copy()
    filled[empty] = [f"row-{row}" for row in ids.index[empty]]
    return _told_apart(filled, layer, ledger)


def _told_apart(ids: pd.Series, layer: str, ledger: Ledger) -> pd.Series:
    repeated = ids.duplicated()
    if not repeated.any():
        return ids
    ledger.rows(
        "reading.id.repeated", layer, Severity.MENDED, ids.index[repeated],
        values=ids[repeated], field=str(ids.name),
    )  # fmt: skip
    taken = set(ids)
    order = ids.groupby(ids).cumcount() + 1
    new = ids.copy()
    # Row by row over the repeated ones: a new name must be free of those given before it.
    for row in ids.index[repeated]:
        number = int(order[row])
        while f"{ids[row]}~{number}" in taken:
            number += 1
        new[row] = f"{ids[row]}~{number}"
        taken.add(new[row])
    return new
