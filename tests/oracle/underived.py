"""The national rules, but passages that were not delivered stay unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.standards import Standards

if TYPE_CHECKING:
    from datetime import date


class Underived(Standards):
    """The national rules without ``passages.derive``: for what derivation has no part in."""

    def __init__(self) -> None:
        rules = Standards.national()
        super().__init__({name: rules.rule(name) for name in rules.ids()})

    def value(self, rule_id: str, *, as_of: date) -> Any:
        return False if rule_id == "passages.derive" else super().value(rule_id, as_of=as_of)
