"""Our form filled at random: by somebody who keeps to it, and by somebody who does not."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bazafarin.adapters.openrosa.submission import read_submission
from bazafarin.adapters.survey_form.answers import read_answers, shown, value_of
from bazafarin.adapters.survey_form.compiling import compile_sheets
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.adapters.survey_form.filling import Filling, ProblemKind
from bazafarin.adapters.survey_form.form_begun import begun
from bazafarin.adapters.survey_form.observations import OBSERVABLE, mapping_by_name, observed
from bazafarin.adapters.survey_form.office_form import office_form
from bazafarin.domain.city import Kind

FORM = compile_sheets(office_form()).definition
SPECS = {column.name: column for column in OBSERVABLE}
WITHIN = {
    "built_sh": st.integers(1_000, 1_404), "income_decile": st.integers(1, 10),
    "years_resident": st.integers(0, 120), "floors": st.integers(0, 200),
    "units": st.integers(0, 100_000), "households": st.integers(0, 100_000),
    "population": st.integers(0, 1_000_000),
}  # fmt: skip
ODD = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=200),
    st.sampled_from(["nan", "inf", "-1", "1e400", "٣", "0001-01-01", "true", "unknown", " "]),
    st.integers(-(10**30), 10**30).map(str),
)


def fitting(node) -> st.SearchStrategy[str]:  # noqa: PLR0911 - one answer a kind
    match node.answer:
        case AnswerKind.CHOICE if node.choices:
            return st.sampled_from([choice.value for choice in node.choices])
        case AnswerKind.CHOICES:
            known = [choice.value for choice in node.choices]
            return st.lists(st.sampled_from(known), unique=True, min_size=1).map(" ".join)
        case AnswerKind.WHOLE:
            return WITHIN[node.name].map(str)
        case AnswerKind.NUMBER:
            return st.integers(1, 1_000).map(lambda n: f"{n / 10}")
        case AnswerKind.DATE:
            return st.dates(date(2020, 1, 1), date(2025, 12, 1)).map(str)
        case AnswerKind.MOMENT:
            return st.datetimes(min_value=date_time(2020), max_value=date_time(2025)).map(
                lambda moment: moment.isoformat()
            )
        case AnswerKind.POINT:
            return st.tuples(st.floats(25, 40), st.floats(44, 63)).map(
                lambda at: f"{at[0]} {at[1]} 0 5"
            )
        case _ if node.name == "postal_code":
            return st.from_regex(r"[0-9]{10}", fullmatch=True)
        case _:
            return st.from_regex(r"[ا-ی ]{1,30}", fullmatch=True)


def date_time(year: int):
    from datetime import datetime  # noqa: PLC0415

    return datetime(year, 1, 1)  # noqa: DTZ001 - as a phone without a zone writes it


def filled(draw, answer) -> bytes:
    root = Element("data", id=FORM.form_id, version=FORM.version)
    groups: dict[str, Element] = {FORM.root.path: root}
    for node in FORM.questions:
        if not draw(st.booleans()):
            continue
        above = node.path.rpartition("/")[0]
        if above not in groups:
            groups[above] = SubElement(root, above.rpartition("/")[2])
        SubElement(groups[above], node.name).text = draw(answer(node))
    meta = SubElement(root, "meta")
    SubElement(meta, "instanceID").text = "uuid:1"
    return tostring(root, encoding="utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whoever_keeps_to_the_form_is_taken_at_their_word(data) -> None:
    sent = read_submission(filled(data.draw, fitting))
    (row,) = read_answers(FORM, sent.root)

    found = observed(row.answers, mapping_by_name(FORM))

    assert found.unfit == {}
    for each in mapping_by_name(FORM):
        text = row.answers.get(each.path)
        told = text not in {None, "unknown", "conditional"}
        assert (each.column in found.values) is told, (each.column, text)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whoever_does_not_tells_nothing_that_a_parcel_cannot_be(data) -> None:
    sent = read_submission(filled(data.draw, lambda _: ODD))
    (row,) = read_answers(FORM, sent.root)

    found = observed(row.answers, mapping_by_name(FORM))

    for node in FORM.questions:
        if text := row.answers.get(node.path):
            value_of(node, text)
            assert shown(FORM, node, text, "fa")
    for column, value in found.values.items():
        spec = SPECS[column]
        if spec.kind is Kind.CODE:
            assert value in set(spec.codes)
        elif spec.kind in {Kind.NUMBER, Kind.WHOLE, Kind.YEAR_SH}:
            assert (spec.least or 0) <= value <= (spec.most or 1e18)
        elif spec.kind is Kind.DATE:
            assert isinstance(value, date)
            assert 1700 <= value.year <= 2120
        elif spec.kind is Kind.BOOLEAN:
            assert value in {True, False}
        else:
            assert 0 < len(value) <= 120


MONTH = "2025-12-01T08:30:00.000+03:30"


def at_the_desk(draw, answer) -> Filling:
    """Return our form as somebody fills it at a desk, answering what it asks as it asks it."""
    listed = {"parcels.csv": [{"name": "1-1-1-0", "label": "1"}]}
    filling = begun(FORM, now=MONTH, language="fa", user_name="surveyor", files=listed)
    for node in FORM.questions:
        element = next(each for each, its in filling.parts() if its.path == node.path)
        if not (node.is_asked and filling.is_asked(element)):
            continue
        if node.file:
            filling.put(node.path, "1-1-1-0")
        elif node.required or draw(st.booleans()):
            filling.put(node.path, draw(answer(node)))
        filling.settle()
    return filling


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whoever_keeps_to_the_form_at_a_desk_is_told_of_nothing(data) -> None:
    filling = at_the_desk(data.draw, fitting)
    sent = read_submission(filling.sent(instance_id="uuid:1"))
    found = observed(read_answers(FORM, sent.root)[0].answers, mapping_by_name(FORM))

    told = {(each.address.rpartition("/")[2], each.kind) for each in filling.problems()}
    # who lives there is drawn without a look at how many households there are
    assert told <= {("population", ProblemKind.LIMIT)}
    assert found.unfit == {}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whoever_does_not_is_told_of_all_that_a_parcel_cannot_be(data) -> None:
    filling = at_the_desk(data.draw, lambda _: ODD)
    sent = read_submission(filling.sent(instance_id="uuid:1"))
    found = observed(read_answers(FORM, sent.root)[0].answers, mapping_by_name(FORM))

    told = {each.address.rpartition("/")[2] for each in filling.problems()}
    assert set(found.unfit) <= told
