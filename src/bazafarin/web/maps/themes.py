"""The themes of the map: by what parcels or blocks are coloured, and what each colour means.

The page and the print read the same classes. A class has a colour of the brand and, where a
colour must not speak alone, a pattern; its words are said in the request's language.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand
from bazafarin.adapters.persian_text import percent
from bazafarin.domain.codes import Quality, Structure, Use
from bazafarin.studies.worn_out_fabric import INDICES
from bazafarin.web.maps import plan_door
from bazafarin.web.maps.seen import may_see_column
from bazafarin.web.office.said import language, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City
    from bazafarin.web.plans.models import Plan


@dataclass(frozen=True, slots=True)
class ThemeClass:
    """One row of the legend: the attribute's values that it stands for, its look, its words."""

    values: tuple[str | int, ...]
    colour: str
    pattern: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One way to colour a layer; what no class has is unknown, a grey hatch.

    ``ends`` are the upper ends of classes of a number, in place of values; empty for codes.
    ``group`` is the heading below which it is offered; empty for none.
    """

    id: str
    layer: str
    column: str
    words: str
    classes: tuple[ThemeClass, ...]
    ends: tuple[float, ...] = ()
    group: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the theme as the page reads it."""
        return asdict(self)


_COLOUR, _RAMP = brand().colour, brand().ramp
_U, _S, _Q = Use, Structure, Quality
_USES: Final = (
    ("dwelling", (_U.RESIDENTIAL,), _RAMP["impermeability"][1], None),
    ("trade", (_U.COMMERCIAL, _U.ADMINISTRATIVE), _RAMP["instability"][3], None),
    ("service",
     (_U.EDUCATION, _U.HIGHER_EDUCATION, _U.HEALTH, _U.CULTURE, _U.RELIGIOUS, _U.SPORT),
     _RAMP["fine_grain"][3], None),
    ("green", (_U.GREEN, _U.AGRICULTURE), _COLOUR["sage"], "hatch_white"),
    ("equipment", (_U.EQUIPMENT, _U.UTILITIES, _U.PARKING, _U.TRANSPORT),
     _RAMP["fine_grain"][1], "plus"),
    ("work", (_U.INDUSTRY, _U.MILITARY), _COLOUR["slate"], "hatch_white"),
    ("heritage", (_U.HERITAGE, _U.TOURISM), _COLOUR["ochre"], "plus"),
    ("open", (_U.VACANT, _U.RUINED, _U.UNDER_CONSTRUCTION), _COLOUR["white"], "minus"),
)  # fmt: skip
_STRUCTURES: Final = (
    ((_S.STEEL_FRAME, _S.CONCRETE_FRAME), _COLOUR["white"], None),
    ((_S.MASONRY_TIED,), _RAMP["instability"][1], None),
    ((_S.MASONRY_UNTIED,), _RAMP["instability"][2], None),
    ((_S.BRICK_WOOD, _S.CEMENT_BLOCK), _RAMP["instability"][3], "minus"),
    ((_S.ADOBE,), _RAMP["instability"][4], "hatch_white"),
    ((_S.OTHER,), _COLOUR["line"], "plus"),
)
_QUALITIES: Final = (
    ((_Q.NEW,), _COLOUR["white"], None),
    ((_Q.MAINTAINABLE,), _RAMP["instability"][1], None),
    ((_Q.REPAIRABLE,), _RAMP["instability"][2], None),
    ((_Q.TO_DEMOLISH,), _RAMP["instability"][3], "minus"),
    ((_Q.RUIN,), _RAMP["instability"][4], "hatch_white"),
    ((_Q.HERITAGE_VALUE,), _COLOUR["ochre"], "plus"),
)
_FLOORS: Final = (1.0, 2.0, 3.0, 5.0)
"""Upper ends of the classes of floors; the last class has all above."""
_LEVEL_LOOKS: Final = (
    (1, _RAMP["instability"][4], "hatch_white"), (2, _RAMP["instability"][2], "hatch_white"),
    (3, _RAMP["instability"][1], "hatch"), (0, _COLOUR["white"], "hatch"),
)  # fmt: skip


def themes(user: User, city: City, plan: Plan | None) -> list[Theme]:
    """Return the themes that ``user`` may see; those of blocks only where a plan is shown."""
    made = [] if plan is None else list(_of_blocks(plan))
    made.append(_use())
    made += [
        theme
        for theme in (_codes("structure", _STRUCTURES), _codes("quality", _QUALITIES), _floors())
        if may_see_column(user, theme.column, city)
    ]
    if plan is not None:
        made += _of_services(plan)
    return made


def _use() -> Theme:
    classes = [
        ThemeClass(tuple(values), colour, pattern, said(f"web_map.use.{name}"))
        for name, values, colour, pattern in _USES
    ]
    return Theme("use", "parcels", "use", said("web_map.theme.use"), tuple(classes))


def _codes(kind: str, looks: Sequence[tuple[tuple[str, ...], str, str | None]]) -> Theme:
    joint = said("units.list_joint")
    classes = [
        ThemeClass(
            tuple(values), colour, pattern,
            joint.join(wording.label(kind, value, language()) for value in values),
        )
        for values, colour, pattern in looks
    ]  # fmt: skip
    return Theme(kind, "parcels", kind, said(f"web_map.theme.{kind}"), tuple(classes))


def _floors() -> Theme:
    colours = _RAMP["fine_grain"]
    begins = (0.0, *_FLOORS)
    words = [
        said("web_map.floors.one" if end - begin == 1 else "web_map.floors.some",
             least=int(begin) + 1, most=int(end))
        for begin, end in pairwise(begins)
    ] + [said("web_map.floors.more", most=int(_FLOORS[-1]))]  # fmt: skip
    classes = [
        ThemeClass((place,), colour, None, each)
        for place, (colour, each) in enumerate(zip(colours, words, strict=True))
    ]
    named = said("web_map.theme.floors")
    return Theme("floors", "parcels", "floors", named, tuple(classes), _FLOORS)


def _of_blocks(plan: Plan) -> Iterator[Theme]:
    levels = [
        ThemeClass(
            (level + (plan_door.OPEN if is_open else 0),), colour, hatch if is_open else None,
            said(f"map.legend.level.{'open_' if is_open else ''}{level or 'none'}"),
        )
        for level, colour, hatch in _LEVEL_LOOKS
        for is_open in (False, True)
    ]  # fmt: skip
    yield Theme("level", "blocks", "level", said("map.theme.level"), tuple(levels))
    for index in INDICES:
        ends = pairwise(plan_door.bounds_of(plan, index))
        shares = [
            ThemeClass((place,), colour, None, _share_words(begin, end))
            for place, (colour, (begin, end)) in enumerate(zip(_RAMP[index], ends, strict=True))
        ]
        yield Theme(index, "blocks", index, said(f"map.theme.{index}_share"), tuple(shares))
    decided = [
        ThemeClass(("yes",), _COLOUR["brick"], None, said("map.legend.decided.yes")),
        ThemeClass(("no",), _COLOUR["white"], None, said("map.legend.decided.no")),
        ThemeClass(
            ("depends_on_unknown",), _COLOUR["paper"], "hatch", said("map.legend.decided.open")
        ),
    ]
    yield Theme("decided", "blocks", "decided", said("map.theme.decided"), tuple(decided))


def _of_services(plan: Plan) -> Iterator[Theme]:
    """Yield a theme a service: how much neighbourhoods lack of the least that is asked for."""
    colours = (_COLOUR["white"], *_RAMP["instability"][1:])
    words = [said("web_map.lack.none")] + [
        said("web_map.lack.some", begin=begin, end=end)
        for begin, end in pairwise((0.0, *plan_door.LACK_ENDS))
    ]
    classes = tuple(
        ThemeClass((place,), colour, None, each)
        for place, (colour, each) in enumerate(zip(colours, words, strict=True))
    )
    group = said("web_map.theme.services")
    for service in plan_door.services_of(plan):
        column = f"{plan_door.LACK}{service}"
        named = wording.label("service", service, language())
        rule = plan.citations.get(f"per_capita.{service}")
        key = "lack" if rule is None or rule["is_verified"] else "lack_unverified"
        words_of = said(f"web_map.theme.{key}", service=named)
        yield Theme(column, "neighbourhoods", column, words_of, classes, group=group)


def _share_words(begin: float, end: float) -> str:
    spoken = language()
    ends = {"from": percent(begin, language=spoken), "to": percent(end, language=spoken)}
    return said("map.legend.share_first" if begin == 0 else "map.legend.share_above", **ends)
