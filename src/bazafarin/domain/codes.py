"""The code lists of the city file (DESIGN: the city file)."""

from enum import StrEnum


class Use(StrEnum):
    """What a parcel is used for (کاربری)."""

    RESIDENTIAL = "residential"
    EDUCATION = "education"
    HIGHER_EDUCATION = "higher_education"
    ADMINISTRATIVE = "administrative"
    COMMERCIAL = "commercial"
    SPORT = "sport"
    HEALTH = "health"
    CULTURE = "culture"
    GREEN = "green"
    RELIGIOUS = "religious"
    EQUIPMENT = "equipment"
    UTILITIES = "utilities"
    PARKING = "parking"
    TRANSPORT = "transport"
    MILITARY = "military"
    AGRICULTURE = "agriculture"
    HERITAGE = "heritage"
    TOURISM = "tourism"
    INDUSTRY = "industry"
    VACANT = "vacant"
    RUINED = "ruined"
    UNDER_CONSTRUCTION = "under_construction"
    UNKNOWN = "unknown"


class Structure(StrEnum):
    """What holds a building up (سازه)."""

    STEEL_FRAME = "steel_frame"
    CONCRETE_FRAME = "concrete_frame"
    MASONRY_TIED = "masonry_tied"
    MASONRY_UNTIED = "masonry_untied"
    BRICK_WOOD = "brick_wood"
    CEMENT_BLOCK = "cement_block"
    ADOBE = "adobe"
    OTHER = "other"
    UNKNOWN = "unknown"


class Quality(StrEnum):
    """The state a building is in (کیفیت بنا)."""

    NEW = "new"
    MAINTAINABLE = "maintainable"
    REPAIRABLE = "repairable"
    TO_DEMOLISH = "to_demolish"
    RUIN = "ruin"
    HERITAGE_VALUE = "heritage_value"
    UNKNOWN = "unknown"


class Ownership(StrEnum):
    """Who owns a parcel (مالکیت)."""

    PRIVATE = "private"
    MUNICIPAL = "municipal"
    STATE = "state"
    PUBLIC_BODY = "public_body"
    WAQF = "waqf"
    COOPERATIVE = "cooperative"
    UNKNOWN = "unknown"


class TargetType(StrEnum):
    """The five types of target area of regeneration (محدوده‌های هدف)."""

    HISTORIC = "historic"
    MIDDLE = "middle"
    RURAL_BACKGROUND = "rural_background"
    INFORMAL = "informal"
    INCOMPATIBLE = "incompatible"


class CostShareKind(StrEnum):
    """A kind of work whose cost the state and the municipality share."""

    PASSAGE_WIDENING = "passage_widening"
    GEOMETRIC_CORRECTION = "geometric_correction"
    GREEN_SPACE = "green_space"
    SURFACE_WATER = "surface_water"
    LAND_CLEARING = "land_clearing"


class FacilityKind(StrEnum):
    """What people walk to: the kinds of facility that have a radius of access (شعاع دسترسی)."""

    KINDERGARTEN = "kindergarten"
    PRIMARY_SCHOOL = "primary_school"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    CHILDRENS_PARK = "childrens_park"
    NEIGHBOURHOOD_PARK = "neighbourhood_park"
    HEALTH_CENTRE = "health_centre"
    NEIGHBOURHOOD_LIBRARY = "neighbourhood_library"
    MOSQUE = "mosque"
    NEIGHBOURHOOD_SPORT_GROUND = "neighbourhood_sport_ground"
    DAILY_SHOPS = "daily_shops"
    BUS_STOP = "bus_stop"
    FIRE_STATION = "fire_station"


class WidthSource(StrEnum):
    """Where a passage's width comes from."""

    RECORDED = "recorded"
    MEASURED = "measured"
    DERIVED = "derived"
    UNKNOWN = "unknown"


class Decided(StrEnum):
    """Whether the unknown rows could change a block's answer."""

    YES = "yes"
    NO = "no"
    DEPENDS_ON_UNKNOWN = "depends_on_unknown"


class BoundaryChange(StrEnum):
    """What the proposal does with a block against the approved boundary."""

    ADDED = "added"
    REMOVED = "removed"
    KEPT = "kept"
