"""A survey from its beginning to what it changes: blocks, reviews, conflicts, indices."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.actions import give_role
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import PERMISSIONS_OF, Permission, Role
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.demonstration_survey import begin_survey as begin_demo_survey
from bazafarin.web.places.models import Edition, Parcel, Place
from bazafarin.web.surveys import (
    block_changes,
    coverage,
    parcels_given,
    phones,
    planning,
    quality,
    queries,
    reviewing,
    running,
)
from bazafarin.web.surveys.conflicts import conflicts_of
from bazafarin.web.surveys.models import Submission, Survey
from bazafarin.web.surveys.receiving import receive
from web_phone import filled
from web_town import DATED, delivered, layers, planned, prepared, signed_in, somebody, town


@pytest.fixture
def survey(mapped_city) -> Survey:
    place = Place.objects.get(code="N1")
    return running.begin_survey(
        by=None, city=mapped_city, place=place, title="برداشت", begun_on=DATED, due_on=None
    )


@pytest.fixture
def given(survey, surveyor) -> Survey:
    running.give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    return survey


def sent(survey, by, parcel="1-1-1-0", **said) -> Submission:
    xml = filled(survey.form.form_id, parcel, **said)
    return receive(by=by, xml=xml.encode())[0]


def accepted(survey, *answers, by=None, **how) -> Edition | None:
    numbers = [answer.pk for answer in answers]
    return reviewing.accept(by=by, survey=survey, numbers=numbers, note="پذیرفته", **how)


def parcel_now(survey, key="1-1-1-0") -> Parcel:
    survey.city.refresh_from_db()
    return Parcel.objects.of_edition(survey.city).get(key=key)


def test_whoever_reviews_may_see_what_is_asked_of_people() -> None:
    for role, may in PERMISSIONS_OF.items():
        if Permission.REVIEW_ANSWERS in may:
            assert {Permission.SEE_PEOPLE, Permission.SEE_BUILDINGS} <= may, role


def test_what_is_accepted_becomes_the_parcels_as_an_edition(given, surveyor, manager) -> None:
    before = parcel_now(given)
    first, second = sent(given, surveyor, floors=4), sent(given, surveyor, "1-1-2-0")

    edition = accepted(given, first, second, by=manager)

    after = parcel_now(given)
    assert (edition.kind, edition.state, edition.number) == ("survey", "accepted", 2)
    assert (before.structure, after.structure) == ("masonry_untied", "adobe")
    assert (after.floors, after.households, after.population) == (4, 2, 5)
    assert after.geometry.equals(before.geometry)
    assert after.use_plan == before.use_plan
    before.refresh_from_db()
    assert (before.until, after.since) == (2, 2)
    assert edition.changes == {"parcels": {"new": 0, "changed": 2, "vanished": 0, "same": 10}}
    first.refresh_from_db()
    assert (first.state, first.edition) == ("accepted", edition)
    event = AuditEvent.objects.get(action="parcel.surveyed")
    assert event.after == {"edition": 2, "parcels": ["1-1-1-0", "1-1-2-0"]}
    assert "adobe" not in str(AuditEvent.objects.values_list("before", "after"))


def test_what_says_nothing_new_is_accepted_without_an_edition(given, surveyor) -> None:
    first = sent(given, surveyor)
    accepted(given, first)
    again = sent(given, surveyor, base=2_001)

    assert accepted(given, again, even_so=True) is None
    again.refresh_from_db()
    assert (again.state, again.edition) == ("accepted", None)
    assert parcel_now(given).since == 2


def test_an_answer_of_unknown_leaves_what_was_known(given, surveyor) -> None:
    accepted(given, sent(given, surveyor, structure="unknown", floors="", units="x"))

    after = parcel_now(given)
    assert (after.structure, after.floors, after.units) == ("masonry_untied", 2, None)
    assert Submission.objects.get().unfit == {"units": "x"}


def test_two_answers_about_a_parcel_are_never_accepted_together(given, surveyor) -> None:
    first, second = sent(given, surveyor), sent(given, surveyor, structure="steel_frame")

    with pytest.raises(UsageError) as caught:
        accepted(given, first)
    assert caught.value.code == "web_surveys.error.in_conflict"
    assert given.city.current == 1
    with pytest.raises(UsageError):
        accepted(given, first, second, even_so=True)
    accepted(given, second, even_so=True)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert first.reviews.get().kind == "passed_over"
    assert parcel_now(given).structure == "steel_frame"


def test_a_parcel_that_changed_since_the_phone_had_it_is_shown(given, surveyor) -> None:
    late = sent(given, surveyor, "1-1-2-0")
    accepted(given, late)
    given.city.refresh_from_db()
    stale = sent(given, surveyor, "1-1-2-0", base=1_000, structure="steel_frame")

    kinds = [each.kind for each in conflicts_of(given, [stale])[stale.pk]]
    assert kinds == ["other_answer", "changed_since"]


def test_while_an_edition_waits_nothing_is_accepted(given, surveyor, tmp_path) -> None:
    answer = sent(given, surveyor)
    prepared(given.city, delivered(tmp_path / "next.gpkg", layers(town())))

    with pytest.raises(UsageError) as caught:
        accepted(given, answer)

    assert caught.value.code == "web_map.error.edition_waits"
    answer.refresh_from_db()
    assert answer.state == "waiting"


def test_a_returned_answer_says_why_to_its_surveyor_and_waits_no_more(given, surveyor) -> None:
    answer = sent(given, surveyor)
    reviewing.send_back(by=None, submission=answer, note="سازه را دوباره ببینید")

    with pytest.raises(UsageError):
        accepted(given, answer)
    (returned,) = queries.returned_to(surveyor)
    assert returned.why == "سازه را دوباره ببینید"
    page = signed_in(surveyor).get("/surveys/mine/")
    assert "سازه را دوباره ببینید" in page.content.decode()


def test_an_edit_leaves_what_was_sent_and_both_values_in_its_trail(given, surveyor) -> None:
    answer = sent(given, surveyor)
    changed = reviewing.edit(
        by=None, submission=answer, values={"structure": "steel_frame", "floors": "۵"}, note="عکس"
    )

    assert changed == {"structure": ("adobe", "steel_frame"), "floors": (None, 5)}
    answer.refresh_from_db()
    assert b"adobe" in bytes(answer.xml)
    review = answer.reviews.get()
    assert (review.before["structure"], review.after["structure"]) == ("adobe", "steel_frame")
    with pytest.raises(UsageError):
        reviewing.edit(by=None, submission=answer, values={"floors": "-1"}, note="عکس")
    accepted(given, answer)
    assert (parcel_now(given).structure, parcel_now(given).floors) == ("steel_frame", 5)


def test_who_may_not_review_accepts_nothing(given, surveyor, outsider) -> None:
    answer = sent(given, surveyor)
    for who in (surveyor, outsider):
        with pytest.raises(PermissionDenied):
            accepted(given, answer, by=who)


def test_a_block_goes_from_one_surveyor_to_another_and_back_to_nobody(survey, surveyor) -> None:
    other = somebody("other", Role.SURVEYOR, survey.place)
    running.give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    running.give_blocks(by=None, survey=survey, surveyor=other, block_keys=["B1"])

    assert [a.surveyor for a in survey.assignments.filter(ended_at=None)] == [other]
    assert running.take_blocks(by=None, survey=survey, block_keys=["B1"]) == 1
    with pytest.raises(UsageError):
        running.give_blocks(by=None, survey=survey, surveyor=other, block_keys=["B2"])


def test_a_second_survey_of_a_place_waits_for_the_first_to_close(survey, mapped_city) -> None:
    asked = {"title": "دوم", "begun_on": DATED, "due_on": None}
    with pytest.raises(UsageError):
        running.begin_survey(by=None, city=mapped_city, place=survey.place, **asked)
    running.close_survey(by=None, survey=survey, day=DATED)

    running.begin_survey(by=None, city=mapped_city, place=survey.place, **asked)


def test_coverage_counts_parcels_once_and_what_to_look_at(given, surveyor) -> None:
    sent(given, surveyor, seconds=20, at="35.0 51.0 0 5")
    sent(given, surveyor, structure="steel_frame")
    sent(given, surveyor, "1-1-2-0")

    limits = coverage.Limits.on(timezone.localdate())
    found = coverage.coverage_of(given, limits=limits)

    (row,) = found.rows
    assert (row.surveyor, row.blocks, row.target, row.done) == (surveyor, 1, 6, 2)
    assert (row.waiting, row.far, row.quick) == (3, 1, 1)
    assert sum(found.by_day.values()) == 3
    assert found.whole.target == 6


def test_the_plan_tells_who_is_behind_and_a_band_of_days(given, surveyor) -> None:
    today = timezone.localdate()
    Survey.objects.filter(pk=given.pk).update(begun_on=today - timedelta(days=9))
    given.refresh_from_db()
    limits = coverage.Limits.on(today)
    assert planning.plan_of(given, limits=limits, today=today)[1].whole.likely is None
    for number in (1, 2):
        sent(given, surveyor, f"1-1-{number}-0")
        sent(given, surveyor, f"1-1-{number}-0")

    given.due_on = today + timedelta(days=2)
    _, plan = planning.plan_of(given, limits=limits, today=today)

    assert (plan.whole.left, plan.whole.a_day, plan.whole.needed_a_day) == (4, 0.2, 2.0)
    assert today < plan.whole.early <= plan.whole.likely <= plan.whole.late
    assert plan.whole.is_behind
    (one,) = plan.surveyors
    assert (one.surveyor, one.left, one.is_behind) == (surveyor, 4, True)


def test_the_indices_of_a_block_change_with_what_is_accepted(given, surveyor) -> None:
    answers = [sent(given, surveyor, f"1-1-{n}-0", structure="steel_frame") for n in (1, 2)]
    accepted(given, *answers)
    given.city.refresh_from_db()

    found = block_changes.effect_of(given, day=timezone.localdate())

    (change,) = found.changes
    assert (change.block, change.parcels, change.surveyed) == ("B1", 6, 2)
    assert change.before.instability == 1
    assert change.after.instability == pytest.approx(4 / 6)
    trail = {row.key: row for row in block_changes.trail_of(given, "B1")}
    assert trail["1-1-1-0"].submission == answers[0]
    assert (trail["1-1-1-0"].before.structure, trail["1-1-1-0"].after.structure) == (
        "masonry_untied",
        "steel_frame",
    )
    assert trail["1-1-3-0"].submission is None


def test_the_pages_of_a_managers_day(given, surveyor, manager) -> None:
    answer = sent(given, surveyor, at="35.69 51.44 0 5")
    client = signed_in(manager)

    for url in (
        "/surveys/",
        f"/surveys/{given.pk}/",
        f"/surveys/{given.pk}/answers/",
        f"/surveys/{given.pk}/effect/",
        f"/surveys/answers/{answer.pk}/",
        f"/surveys/{given.pk}/blocks/B1/",
        f"/surveys/cities/{given.city_id}/begin/",
        f"/surveys/{given.pk}/form.xlsx",
    ):
        assert client.get(url).status_code == 200, url
    assert "Node" not in client.get(f"/surveys/{given.pk}/blocks/B1/").content.decode()
    page = client.get(f"/surveys/answers/{answer.pk}/").content.decode()
    assert "خشت و گل" in page
    assert "برداشت شد" in page
    done = client.post(f"/surveys/{given.pk}/accept/", {"answer": [answer.pk]}, follow=True)
    assert "ویرایش" in done.content.decode()
    assert parcel_now(given).structure == "adobe"
    shown = client.post(f"/surveys/{given.pk}/phones/{surveyor.pk}/").content.decode()
    assert "data:image/svg+xml" in shown
    assert surveyor.phones.filter(ended_at=None).count() == 1


def test_a_phones_password_is_given_by_its_owner_or_who_runs_the_survey(
    surveyor, manager, outsider
) -> None:
    assert phones.give_phone(by=surveyor, user=surveyor)
    assert phones.give_phone(by=manager, user=surveyor)
    with pytest.raises(PermissionDenied):
        phones.give_phone(by=outsider, user=surveyor)
    assert surveyor.phones.filter(ended_at=None).count() == 1


def test_a_phone_is_given_by_who_runs_surveys_wherever_it_opens_anything(
    surveyor, manager, other_city
) -> None:
    give_role(by=None, user=surveyor, role=Role.SURVEYOR, place=other_city.place)

    with pytest.raises(PermissionDenied):
        phones.give_phone(by=manager, user=User.objects.get(pk=surveyor.pk))


def test_what_was_sent_again_is_returned_no_more(given, surveyor) -> None:
    reviewing.send_back(by=None, submission=sent(given, surveyor), note="دوباره")
    sent(given, surveyor)

    assert queries.returned_to(surveyor) == []


def test_days_that_are_out_of_order_are_refused(mapped_city) -> None:
    place = Place.objects.get(code="N1")
    with pytest.raises(UsageError):
        running.begin_survey(
            by=None, city=mapped_city, place=place, title="ب", begun_on=DATED,
            due_on=DATED - timedelta(days=1),
        )  # fmt: skip


def lot(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a lot that falls the same in each run


def test_a_second_look_is_drawn_for_another_and_compared_and_never_taken(
    given, surveyor, manager
) -> None:
    other = somebody("other", Role.SURVEYOR, given.place)
    firsts = [sent(given, surveyor, f"1-1-{n}-0") for n in (1, 2, 3)]
    with pytest.raises(UsageError):
        quality.draw(by=None, survey=given, surveyor=surveyor, count=2, chance=lot(1))

    assert quality.draw(by=None, survey=given, surveyor=other, count=2, chance=lot(1)) == 2
    drawn = list(given.revisits.all())
    assert {each.first for each in drawn} < set(firsts)
    table = parcels_given.list_for(other, given.form).decode()
    assert all(each.parcel_key in table for each in drawn)
    second = sent(given, other, drawn[0].parcel_key, structure="steel_frame", floors=2)

    second.refresh_from_db()
    assert second.state == "revisit"
    # a phone that did not hear our word sends once more, and one whose owner looks again anew
    same, is_new = receive(by=other, xml=bytes(second.xml))
    assert (same, is_new) == (second, False)
    anew = sent(
        given, other, drawn[0].parcel_key, structure="steel_frame", floors=2,
        deprecated=second.instance_id,
    )  # fmt: skip
    second.refresh_from_db()
    drawn[0].refresh_from_db()
    assert (second.state, anew.state, drawn[0].second) == ("replaced", "revisit", anew)
    assert parcels_given.list_for(other, given.form).decode().count("1-1-") < table.count("1-1-")
    limits = coverage.Limits.on(timezone.localdate())
    assert coverage.coverage_of(given, limits=limits).whole.waiting == 3
    assert not conflicts_of(given, firsts)[firsts[0].pk]
    found = quality.quality_of(given)
    assert (found.drawn, found.done) == (2, 1)
    by_column = {each.column: each for each in found.columns}
    assert (by_column["structure"].equal, by_column["quality"].equal) == (0, 1)
    (one,) = found.surveyors
    assert (one.surveyor, one.pairs) == (surveyor, 1)
    assert 0 < one.equal < 1
    page = signed_in(manager).get(f"/surveys/{given.pk}/second-looks/").content.decode()
    assert "کاپا" in page
    with pytest.raises(PermissionDenied):
        sent(given, other, firsts[0].parcel_key if drawn[1].first != firsts[0] else "1-1-6-0")


def test_a_draw_is_even(given, surveyor) -> None:
    other = somebody("other", Role.SURVEYOR, given.place)
    for number in (1, 2, 3, 4):
        sent(given, surveyor, f"1-1-{number}-0")
    counts = Counter()
    for seed in range(60):
        quality.draw(by=None, survey=given, surveyor=other, count=1, chance=lot(seed))
        counts[given.revisits.get().parcel_key] += 1
        given.revisits.all().delete()

    assert len(counts) == 4
    assert min(counts.values()) >= 6


def test_the_demos_answers_can_be_accepted_and_move_a_block(mapped_city, surveyor) -> None:
    planned(Edition.objects.get())
    # nothing is known of what holds the buildings of a block up
    Parcel.objects.filter(city=mapped_city, in_block="B1").update(structure="unknown")
    made = begin_demo_survey(mapped_city, Place.objects.get(code="N1"), surveyor)
    waiting = list(made.submissions.all())

    assert waiting
    before = block_changes.effect_of(made, day=timezone.localdate()).boundary
    assert "B1" not in before.added
    edition = accepted(made, *waiting)
    made.city.refresh_from_db()
    after = block_changes.effect_of(made, day=timezone.localdate()).boundary
    assert "B1" in after.added
    assert after.area_m2 > before.area_m2
    assert [each.key for each in after.layers["added"]] == after.added
    (change,) = block_changes.effect_of(made, day=timezone.localdate()).changes

    assert edition.number == 2
    assert change.before.instability is None
    assert change.after.instability == 1
    assert change.enters


def test_without_a_choice_nothing_is_accepted(given) -> None:
    with pytest.raises(UsageError) as caught:
        accepted(given)

    assert caught.value.code == "web_surveys.error.none_chosen"
