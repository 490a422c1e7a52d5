"""What comes first in drawn towns: scores by hand, the unknown, and what a ranking cannot say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely import LineString, box

from bazafarin.adapters import wording
from bazafarin.decision.ranking import METHODS
from bazafarin.domain.criteria import (
    BlockCriterion,
    NeighbourhoodCriterion,
    WorkCriterion,
    WorkKind,
)
from bazafarin.domain.errors import UsageError
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.priority import RANKED, priority
from hand_drawn import AS_OF, city
from oracle.random_towns import TownOptions, random_town

NATIONAL = Standards.national()


def block_rows(x, *, structure, **more):
    """Return 4 × 4 touching parcels of 10 m a side; four of them face no street."""
    return [
        {
            "geometry": box(x + i * 10, j * 10, x + (i + 1) * 10, (j + 1) * 10),
            "use": "residential",
            "structure": structure,
            "population": 4,
            **more,
        }
        for i in range(4)
        for j in range(4)
    ]


def town(west="adobe", east="steel_frame", **more):
    """Draw two blocks of 40 m, streets of 4 m between and around them, a neighbourhood each."""
    lines = [
        [(-2, -2), (-2, 42)],
        [(42, -2), (42, 42)],
        [(86, -2), (86, 42)],
        [(-2, -2), (86, -2)],
        [(-2, 42), (86, 42)],
    ]
    streets = [
        {"passage_id": f"p{n}", "geometry": LineString(line), "width_m": 4.0}
        for n, line in enumerate(lines)
    ]
    return city(
        block_rows(0, structure=west, **more) + block_rows(44, structure=east, **more),
        blocks=[
            {"block_id": "west", "geometry": box(0, 0, 40, 40)},
            {"block_id": "east", "geometry": box(44, 0, 84, 40)},
        ],
        neighbourhoods=[
            {"neighbourhood_id": "w", "name_fa": "باختر", "geometry": box(-9, -9, 42, 49)},
            {"neighbourhood_id": "e", "name_fa": "خاور", "geometry": box(42, -9, 99, 49)},
        ],
        passages=streets,
    )


def planned(drawn):
    return plan_city(drawn, standards=NATIONAL, as_of=AS_OF)


def ranked(drawn, **options):
    return priority(planned(drawn), standards=NATIONAL, as_of=AS_OF, **options)


@pytest.fixture(scope="module")
def plan():
    return planned(town())


@pytest.fixture(scope="module")
def made(plan):
    return priority(plan, standards=NATIONAL, as_of=AS_OF)


def found(made):
    return {finding.id: finding for finding in made.findings}


def test_blocks_by_hand(made):
    # West: fine grain 1, instability 1, impermeability 1; 64 people on 0.16 ha are 400 a
    # hectare, worth 400/600. 0.1 + 0.25 + 0.15 + 0.15 · 2/3 = 0.6; renovation and access
    # (0.1 + 0.15 + 0.1) are not known. East has no instability: 0.35.
    blocks = made.blocks.set_index("block_id")

    assert made.blocks["block_id"].tolist() == ["west", "east"]
    assert blocks["density_persons_ha"].tolist() == pytest.approx([400, 400])
    assert blocks["density_persons_ha_score"].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert blocks["score"].tolist() == pytest.approx([0.6, 0.35])
    assert blocks["score_best"].tolist() == pytest.approx([0.95, 0.7])
    assert blocks["coverage"].tolist() == pytest.approx([0.65, 0.65])
    assert blocks["rank"].tolist() == [1, 2]
    # East at its best, 0.7, passes west at its worst, 0.6.
    assert blocks["rank_best"].tolist() == [1, 1]
    assert blocks["rank_worst"].tolist() == [2, 2]
    # 0.25 of 0.6 is not half of it; with 0.15 more it is.
    assert blocks["leading_criteria"]["west"] == "instability_share,impermeability_share"
    assert blocks["first_acceptability"].tolist() == [1, 0]
    # They differ in one criterion, in favour of the first: no weight makes the second pass.
    assert np.isnan(blocks["swap_weight_change"]["west"])


def test_neighbourhoods_by_hand(made):
    # West: all worn-out 0.25, 64 of 10,000 people 0.25 · 0.0064, every service lacking 0.2,
    # every passage narrow 0.15. East: the last two.
    neighbourhoods = made.neighbourhoods.set_index("neighbourhood_id")

    assert neighbourhoods["score"].to_dict() == pytest.approx({"w": 0.6016, "e": 0.35})
    assert neighbourhoods["service_deficit_share"].tolist() == pytest.approx([1, 1])
    assert neighbourhoods["name_fa"].tolist() == ["باختر", "خاور"]


def test_works_by_hand(made):
    # People 64 are worth 0.032; a need of all of it 1; the fabric 1 in the west, 0 in the
    # east: 0.5 · 0.032 + 0.3 + 0.2 = 0.516 and 0.316. Four of sixteen parcels of each block
    # face no street: 16 people 0.004, 0.3 · 0.25, and 0.2 in the west.
    works = made.works.set_index("work_id")

    services = len(NATIONAL.services())
    assert len(works) == 2 * services + 4
    assert works["score"]["w:missing_service:green"] == pytest.approx(0.516)
    assert works["score"]["w:passage_widening"] == pytest.approx(0.516)
    assert works["score"]["w:structural_renewal"] == pytest.approx(0.516)
    assert works["score"]["e:missing_service:green"] == pytest.approx(0.316)
    assert works["score"]["w:frontage_for_parcels"] == pytest.approx(0.279)
    assert works["score"]["e:frontage_for_parcels"] == pytest.approx(0.079)
    assert "e:passage_widening" not in works.index
    assert works["rank"].value_counts().to_dict() == {
        1: services + 2,
        services + 3: services,
        2 * services + 3: 1,
        2 * services + 4: 1,
    }
    assert works["size"]["w:structural_renewal"] == 16
    assert works["size"]["w:frontage_for_parcels"] == 4
    # 7 m² a head of green for 64 people.
    assert works["size"]["w:missing_service:green"] == pytest.approx(448)


def test_a_narrow_passage_counts_once_along_the_worn_out_blocks(made):
    # 44 m of each street beside the west block, and of the two that go on the part that lies
    # within 6 m of its corner: 2 + 40 + √(6² - 2²) each.
    works = made.works.set_index("work_id")

    assert works["size"]["w:passage_widening"] == pytest.approx(
        2 * 44 + 2 * (42 + np.sqrt(32)), abs=0.3
    )


def test_a_lane_between_two_worn_out_blocks_is_one_lane():
    drawn = town("adobe", "adobe")
    one = city(
        drawn.parcels.to_dict("records"),
        blocks=drawn.blocks.to_dict("records"),
        passages=drawn.passages.to_dict("records"),
    )

    works = ranked(one).works.set_index("work_id")

    # All of the streets: three of 44 m and two of 88 m.
    assert works["size"]["city:passage_widening"] == pytest.approx(3 * 44 + 2 * 88, abs=1e-6)


def test_what_access_tells_is_taken_in(plan):
    blocks_access = pd.DataFrame(
        {"block_id": ["east", "west"], "within_share": [0.0, 1.0], "engine_depth_m": [75, np.nan]}
    )
    neighbourhoods_access = pd.DataFrame({"neighbourhood_id": ["w"], "within_share": [0.4]})

    made = priority(
        plan,
        standards=NATIONAL,
        as_of=AS_OF,
        blocks_access=blocks_access,
        neighbourhoods_access=neighbourhoods_access,
    )

    blocks = made.blocks.set_index("block_id")
    # East: 0.35 + 0.15 · 1 + 0.1 · 75/150; west gains nothing and its depth is not known.
    assert blocks["score"].to_dict() == pytest.approx({"east": 0.55, "west": 0.6})
    assert blocks["score_best"].to_dict() == pytest.approx({"east": 0.65, "west": 0.8})
    of = made.neighbourhoods.set_index("neighbourhood_id")["access_shortfall_share"]
    assert of["w"] == pytest.approx(0.6)
    assert np.isnan(of["e"])


def test_the_table_withholds_what_tells_of_few_households_and_the_rank_stays(plan):
    blocks = plan.blocks["block_id"]
    access = pd.DataFrame(
        {"block_id": blocks, "within_share": 0.25, "people_withheld": blocks == blocks.iloc[0]}
    )

    found = priority(plan, standards=NATIONAL, as_of=AS_OF, blocks_access=access)

    table = found.tables["priority_blocks"].frame.set_index("block_id")
    small, other = blocks.iloc[0], blocks.iloc[1]
    of_people = ["density_persons_ha", "access_shortfall_share", "access_shortfall_share_score"]
    assert table.loc[small, of_people].isna().all()
    assert table.loc[other, "access_shortfall_share"] == pytest.approx(0.75)
    assert table.loc[small, "people_withheld"]
    assert table["rank"].notna().all()
    assert found.blocks["access_shortfall_share"].notna().all()


@pytest.mark.parametrize("method", METHODS)
def test_no_way_for_an_engine_is_the_farthest_and_not_unknown(plan, method):
    access = pd.DataFrame(
        {
            "block_id": ["east", "west"],
            "engine_depth_m": [np.nan, 30.0],
            "engine_no_way_parcels": [16, 0],
        }
    )

    made = priority(plan, standards=NATIONAL, as_of=AS_OF, method=method, blocks_access=access)

    east = made.blocks.set_index("block_id").loc["east"]
    assert (east["engine_depth_m"], east["engine_depth_m_score"]) == (150, 1)
    assert np.isfinite(made.blocks["score"]).all()


def test_who_was_renovated_comes_later():
    new = town(west="adobe", east="adobe")
    new.parcels.loc[new.parcels.index[:16], "quality"] = "new"
    new.parcels.loc[new.parcels.index[16:], "quality"] = "ruin"

    blocks = ranked(new).blocks.set_index("block_id")

    assert blocks["renovated_share"].to_dict() == {"west": 1, "east": 0}
    assert blocks["renovated_share_score"].to_dict() == {"west": 0, "east": 1}
    assert blocks["rank"].to_dict() == {"east": 1, "west": 2}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_puts_the_worse_block_first(plan, method):
    made = priority(plan, standards=NATIONAL, as_of=AS_OF, method=method)

    assert made.blocks["block_id"].tolist() == ["west", "east"]
    assert (made.blocks["score"] >= made.blocks["score"].iloc[1]).all()
    assert (made.blocks["rank_best"] <= made.blocks["rank"]).all()
    assert (made.blocks["rank"] <= made.blocks["rank_worst"]).all()
    sampled = found(made)["priority.blocks_firm_share"].facts["is_sampled"]
    assert sampled == (method == "topsis")


def test_given_weights_take_the_place_of_the_rules_and_it_is_said(plan):
    weights = {"blocks": {"instability_share": 3, "fine_grain_share": 1}}

    made = priority(plan, standards=NATIONAL, as_of=AS_OF, weights=weights)

    blocks = made.blocks.set_index("block_id")
    assert blocks["score"].to_dict() == {"west": 1.0, "east": 0.25}
    assert blocks["coverage"].tolist() == [1, 1]
    assert blocks["rank_worst"].tolist() == [1, 2]
    told = found(made)["priority.blocks_weights_sum"]
    assert (told.value, told.facts["normalised"]) == (4, True)
    assert not found(made)["priority.works_weights_sum"].facts["normalised"]


def test_inconsistent_comparisons_are_used_and_said(plan):
    names = list(WorkCriterion)
    circle = {(names[0], names[1]): 2, (names[1], names[2]): 2, (names[2], names[0]): 2}

    made = priority(plan, standards=NATIONAL, as_of=AS_OF, comparisons={"works": circle})

    told = found(made)["priority.works_consistency_ratio"]
    assert told.value == pytest.approx(0.25 / 0.58)
    assert told.facts["is_consistent"] is False
    weights = made.criteria.set_index(["ranked", "criterion"])["weight"]["works"]
    assert weights.tolist() == pytest.approx([1 / 3] * 3)
    assert "priority.blocks_consistency_ratio" not in found(made)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"weights": {"blocks": {"beauty": 1}}}, "criterion"),
        ({"weights": {"streets": {}}}, "ranking"),
        ({"weights": {"blocks": {"fine_grain_share": -1}}}, "weight_negative"),
        ({"weights": {"blocks": {"fine_grain_share": 0}}}, "weights_zero"),
        ({"comparisons": {"works": {}}}, "comparisons_missing"),
        ({"method": "best"}, "method"),
    ],
)
def test_what_cannot_be_ranked_by_is_refused_in_words(plan, options, code):
    with pytest.raises(UsageError) as caught:
        priority(plan, standards=NATIONAL, as_of=AS_OF, **options)

    assert caught.value.code == f"priority.error.{code}"
    assert all(wording.error_text(caught.value, language) for language in wording.LANGUAGES)


def test_where_nothing_weighed_is_known_no_rank_is_given(plan):
    made = priority(
        plan, standards=NATIONAL, as_of=AS_OF, weights={"blocks": {"engine_depth_m": 1}}
    )

    assert found(made)["priority.blocks_answer"].value == "all_unknown"
    assert found(made)["priority.blocks_ranked"].value == 0
    assert found(made)["priority.blocks_first"].value is None
    assert made.blocks[["rank", "rank_best", "rank_worst", "score"]].isna().all(axis=None)
    assert made.blocks["coverage"].tolist() == [0, 0]


def test_criteria_that_are_known_nowhere_are_named(made):
    told = found(made)["priority.blocks_unknown_criteria"]

    assert told.facts["names"] == ["renovated_share", "access_shortfall_share", "engine_depth_m"]
    coverage = made.criteria.set_index(["ranked", "criterion"])["coverage"]
    assert coverage["blocks", "engine_depth_m"] == 0
    assert coverage["blocks", "fine_grain_share"] == 1


def test_one_block_is_compared_with_nothing():
    made = ranked(city([{"geometry": box(0, 0, 10, 10)}]))

    assert found(made)["priority.blocks_answer"].value == "one_alternative"
    assert made.blocks["rank"].tolist() == [1]
    assert found(made)["priority.blocks_firm_share"].value is None


def test_alike_blocks_are_level():
    made = ranked(town("adobe", "adobe"))

    assert found(made)["priority.blocks_answer"].value == "all_equal"
    assert made.blocks["rank"].tolist() == [1, 1]
    assert made.blocks["swap_weight_change"].iloc[0] == 0
    assert found(made)["priority.blocks_first"].value is None


def test_nobody_at_home_leaves_services_unknown_and_says_so():
    made = ranked(town(population=0))

    assert found(made)["priority.neighbourhoods_without_people"].value == 2
    assert made.neighbourhoods["service_deficit_share"].isna().all()
    assert (made.works["kind"] != "missing_service").all()
    assert made.blocks["density_persons_ha"].tolist() == [0, 0]


def test_people_who_are_not_known_are_not_none():
    made = ranked(town(population=None))

    assert found(made)["priority.neighbourhoods_without_people"].value is None
    assert made.blocks["density_persons_ha"].isna().all()
    assert found(made)["priority.unknown_missing_service"].value == 2 * len(NATIONAL.services())
    renewal = made.works.set_index("work_id").loc["w:structural_renewal"]
    assert np.isnan(renewal["people_who_gain"])
    assert renewal["score"] == pytest.approx(0.5)
    assert renewal["score_best"] == pytest.approx(1.0)


def test_without_passages_no_widening_is_made_up(plan):
    without = replace(
        plan, passages=plan.passages.iloc[:0], parcels=plan.parcels.assign(frontage_m=np.nan)
    )

    made = priority(without, standards=NATIONAL, as_of=AS_OF)

    told = found(made)
    assert not made.works["kind"].isin(["passage_widening", "frontage_for_parcels"]).any()
    assert told["priority.unknown_frontage_for_parcels"].value == 2
    # East is surely not worn-out; west is, and how long its lanes are nobody knows.
    assert told["priority.unknown_passage_widening"].value == 1


def test_what_may_be_worn_out_is_neither_needed_nor_no_need():
    told = found(ranked(town("unknown")))

    assert told["priority.worn_out_blocks"].value == 0
    assert told["priority.worn_out_blocks"].coverage == 0.5
    assert told["priority.unknown_passage_widening"].value == 1
    assert told["priority.unknown_structural_renewal"].value == 1


def test_a_sound_town_has_no_worn_out_block_and_says_so():
    made = ranked(town("steel_frame", "steel_frame", population=0))

    assert found(made)["priority.worn_out_blocks"].value == 0
    assert found(made)["priority.worn_out_blocks"].coverage == 1
    assert found(made)["priority.unknown_passage_widening"].value == 0
    assert set(made.works["kind"]) == {"frontage_for_parcels"}


def test_nothing_needed_is_nothing_to_rank():
    # One house of a steel frame at a wide street, nobody in it.
    house = {"geometry": box(0, 0, 20, 20), "use": "residential", "structure": "steel_frame"}
    street = {"passage_id": "p", "geometry": LineString([(-5, -6), (25, -6)]), "width_m": 12.0}

    made = ranked(city([{**house, "population": 0}], passages=[street]))

    assert made.works.empty
    assert found(made)["priority.works_answer"].value == "nothing_to_rank"
    assert made.tables["priority_works"].frame.empty


def test_the_seed_repeats_the_ranking(plan, made):
    again = priority(plan, standards=NATIONAL, as_of=AS_OF)

    for name in RANKED:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(made, name))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", METHODS)
def test_random_towns_are_ranked_within_their_bounds(seed, method):
    drawn = random_town(seed, TownOptions(with_passages=seed % 2 == 0, unknown_share=0.4))

    made = ranked(drawn, method=method)

    for name in RANKED:
        frame = getattr(made, name)
        assert frame["score"].between(0, 1).all()
        assert frame["coverage"].between(0, 1).all()
        assert (frame["rank_best"] <= frame["rank"]).all()
        assert (frame["rank"] <= frame["rank_worst"]).all()
        assert frame["rank"].is_monotonic_increasing
        assert frame["first_acceptability"].between(0, 1).all()
        assert (frame["first_acceptability"] <= frame["rank_acceptability_top5"]).all()
        if method != "topsis":
            assert (frame["score"] <= frame["score_best"] + 1e-12).all()


def test_every_figure_cites_its_rules_and_every_column_is_explained(made):
    for finding in made.findings:
        assert finding.unit
        assert finding.rules
        assert set(finding.rules) <= set(made.citations)
    assert len({finding.id for finding in made.findings}) == len(made.findings)
    for table in made.tables.values():
        assert set(table.columns) == set(table.frame.columns)
        assert not table.frame.duplicated(list(table.key)).any()


def test_every_criterion_work_answer_and_column_has_its_words(made):
    for kind in (BlockCriterion, NeighbourhoodCriterion, WorkCriterion):
        assert [c for c in kind if not wording.has(f"priority.criterion.{c}")] == []
    for topic in ("work", "work_name", "work_size"):
        assert [k for k in WorkKind if not wording.has(f"priority.{topic}.{k}")] == []
    assert [m for m in METHODS if not wording.has(f"priority.method.{m}")] == []
    assert [name for name in made.tables if not wording.has(f"priority.table.{name}")] == []
    criteria = set(made.criteria["criterion"])
    for table in made.tables.values():
        named = {c.removesuffix("_score") for c in table.columns} - criteria | {"score"}
        named |= {c for c in table.columns if c.removesuffix("_score") not in criteria}
        assert [c for c in named - criteria if not wording.has(f"priority.column.{c}")] == []
        units = {column.unit for column in table.columns.values()}
        assert [unit for unit in units if not wording.has(f"units.unit.{unit}")] == []
