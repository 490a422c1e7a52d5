"""A form while it is filled: each expression, and what is asked, computed and refused."""

from __future__ import annotations

import io
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring

from bazafarin.adapters.openrosa.submission import read_submission
from bazafarin.adapters.survey_form.answers import read_answers
from bazafarin.adapters.survey_form.compiling import compile_workbook
from bazafarin.adapters.survey_form.filling import (
    MOST_ROWS,
    Filling,
    ProblemKind,
)
from bazafarin.adapters.survey_form.form_begun import begun, taken_up
from bazafarin.domain.errors import FormError

NOW = "2026-03-21T08:30:00.000+03:30"
CHOICES = [
    {"list_name": "yn", "name": "y", "label": "بله", "of": "1"},
    {"list_name": "yn", "name": "n", "label": "خیر", "of": "2"},
]
FILES = {"shops.csv": [
    {"name": "s1", "label": "نانوایی", "street": "a"},
    {"name": "s2", "label": "دارو", "street": "b"},
]}  # fmt: skip


def form(*questions: dict[str, str]):
    """Return the form that a workbook of these questions is."""
    book = openpyxl.Workbook()
    settings = [{"form_id": "f", "form_title": "فرم", "version": "1"}]
    for name, rows in (("survey", questions), ("choices", CHOICES), ("settings", settings)):
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        for row in ({column: column for column in columns}, *rows):
            sheet.append([row.get(column) for column in columns])
    saved = io.BytesIO()
    book.save(saved)
    return compile_workbook(saved.getvalue(), file_name="f.xlsx").definition


def opened(*questions: dict[str, str], files=FILES) -> Filling:
    return begun(form(*questions), now=NOW, language="fa", user_name="surveyor", files=files)


def text(name: str, **more: str) -> dict[str, str]:
    return {"type": "text", "name": name, "label": name, **more}


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("1 + 2 * 3", "7"), ("7 div 2", "3.5"), ("7 mod 4", "3"), ("-${a} + 10", "7"),
        ("${a} div 0", ""), ("${empty} + 1", ""), ("'2' + 3", "5"), ("1 div 3 * 3", "1"),
        ("${a} = 3", "true"), ("${a} = '3'", "true"), ("${a} != 3", "false"),
        ("${empty} = ''", "true"), ("${empty} = 0", "false"), ("${empty} < 5", "false"),
        ("${a} > 2 and not(${a} > 3)", "true"), ("${a} >= 3 or ${empty} > 1", "true"),
        ("if(${a} > 2, 'large', 'small')", "large"), ("coalesce(${empty}, ${a})", "3"),
        ("concat(${a}, '-', ${b})", "3-x y"), ("join(' و ', ${a}, ${b})", "3 و x y"),
        ("string-length(${b})", "3"), ("substr(${b}, 0, 1)", "x"), ("substr(${b}, -1)", "y"),
        ("substring(${b}, 3)", "y"), ("substring-before(${b}, ' ')", "x"),
        ("substring-after(${b}, ' ')", "y"), ("contains(${b}, 'y')", "true"),
        ("starts-with(${b}, 'x')", "true"), ("ends-with(${b}, 'x')", "false"),
        ("translate('۱۲', '۱۲۳', '123')", "12"), ("normalize-space('  a  b ')", "a b"),
        ("regex(${b}, '[a-z ]+')", "true"), ("regex(${b}, 'x')", "false"),
        ("selected(${b}, 'y')", "true"), ("selected(${b}, 'z')", "false"),
        ("selected-at(${b}, 1)", "y"), ("selected-at(${b}, 9)", ""),
        ("count-selected(${b})", "2"), ("round(2.5)", "3"), ("round(-2.5)", "-2"),
        ("round(2.345, 2)", "2.35"), ("int(-2.7)", "-2"), ("floor(2.7)", "2"),
        ("ceiling(2.1)", "3"), ("abs(-4)", "4"), ("pow(2, 10)", "1024"), ("sqrt(9)", "3"),
        ("sqrt(-1)", ""), ("log10(1000)", "3"), ("min(3, 1, 2)", "1"), ("max(3, ${empty})", "3"),
        ("max(${empty})", ""), ("boolean-from-string('true')", "true"), ("number('x')", ""),
        ("today()", "2026-03-21"), ("format-date(today(), '%Y/%m/%e')", "2026/03/21"),
        ("today() - date('2026-03-01')", "20"), ("date(today() + 1)", "2026-03-22"),
        ("${day} <= today()", "true"), ("${day} > date('2026-03-20')", "false"),
        ("int((today() - ${day}) div 365.25)", "25"), ("decimal-date-time('1970-01-02')", "1"),
        ("decimal-time('12:00')", "0.5"), ("format-date-time(now(), '%H:%M')", "08:30"),
        ("round(distance('35 51', '35 52'), 0)", "91288"), ("area('35 51')", "0"),
        ("digest('a', 'MD5', 'hex')", "0cc175b9c0f1b6a831c399e269772661"),
        ("base64-decode('2LPZhNin2YU=')", "سلام"), ("pi() > 3.14", "true"),
        ("checklist(1, 2, 1, 0, 1)", "true"), ("weighted-checklist(5, -1, 1, 3, 1, 4)", "true"),
        ("count-non-empty(${a})", "1"), ("jr:choice-name(${yn}, '${yn}')", "خیر"),
        ("pulldata('shops', 'label', 'name', 's2')", "دارو"),
        ("instance('yn')/root/item[of = 2]/name", "n"),
        ("count(instance('yn')/root/item)", "2"), ("true()", "true"), ("once('v')", "v"),
        ("instance('yn')/root/item[position() = 2]/label", "خیر"),
    ],
)  # fmt: skip
def test_an_expression_comes_to_what_a_phone_makes_of_it(expression, answer) -> None:
    filling = opened(
        text("a", default="3"), text("b", default="x y"), text("empty"),
        {"type": "date", "name": "day", "label": "day", "default": "2001-03-01"},
        {"type": "select_one yn", "name": "yn", "label": "yn", "default": "n"},
        {"type": "select_one_from_file shops.csv", "name": "shop", "label": "shop"},
        {"type": "calculate", "name": "c", "calculation": expression},
    )  # fmt: skip

    assert filling.answer("/data/c") == answer


def test_what_is_not_asked_is_kept_while_the_form_is_open_and_not_sent() -> None:
    filling = opened(
        {"type": "select_one yn", "name": "has", "label": "has"},
        {"type": "begin group", "name": "g", "label": "g", "relevant": "${has} = 'y'"},
        text("name", required="yes"),
        {"type": "end group"},
        {"type": "calculate", "name": "c", "calculation": "string-length(${name})"},
    )
    filling.put("/data/has", "y")
    filling.put("/data/g/name", "علی")
    filling.settle()
    assert filling.answer("/data/c") == "3"

    filling.put("/data/has", "n")
    filling.settle()

    assert filling.answer("/data/c") == "0"
    assert filling.problems() == ()
    assert b"<name>" not in filling.sent(instance_id="uuid:1")
    filling.put("/data/has", "y")
    filling.settle()
    assert filling.answer("/data/g/name") == "علی"


def test_rows_come_and_go_and_know_their_place() -> None:
    filling = opened(
        {"type": "begin repeat", "name": "p", "label": "نفر"},
        text("name", required="yes"),
        {"type": "integer", "name": "age", "label": "سن ${name}", "constraint": ". < 120",
         "constraint_message": "سن ${name} زیاد است"},
        {"type": "calculate", "name": "at", "calculation": "position(..)"},
        {"type": "end repeat"},
        {"type": "calculate", "name": "sum", "calculation": "sum(${age})"},
        {"type": "calculate", "name": "second", "calculation": "indexed-repeat(${name}, ${p}, 2)"},
    )  # fmt: skip
    assert filling.add_row("/data/p") == "/data/p[2]"
    for at, (name, age) in enumerate((("علی", "40"), ("مریم", "300")), 1):
        filling.put(f"/data/p[{at}]/name", name)
        filling.put(f"/data/p[{at}]/age", age)
    filling.settle()

    assert filling.answer("/data/sum") == "340"
    assert filling.answer("/data/second") == "مریم"
    assert filling.answer("/data/p[2]/at") == "2"
    (problem,) = filling.problems()
    assert (problem.address, problem.kind) == ("/data/p[2]/age", ProblemKind.LIMIT)
    assert problem.words == "سن مریم زیاد است"
    filling.drop_row("/data/p[1]")
    filling.settle()
    assert (filling.answer("/data/sum"), filling.answer("/data/p[1]/at")) == ("300", "1")
    filling.drop_row("/data/p[1]")
    filling.settle()
    assert filling.add_row("/data/p") == "/data/p[1]"
    for _ in range(MOST_ROWS - 1):
        filling.add_row("/data/p")
    with pytest.raises(FormError) as caught:
        filling.add_row("/data/p")
    assert caught.value.code == "filling.most_rows"


def test_a_form_that_counts_its_rows_has_that_many() -> None:
    filling = opened(
        {"type": "integer", "name": "n", "label": "n"},
        {"type": "begin repeat", "name": "p", "label": "p", "repeat_count": "${n}"},
        text("name"),
        {"type": "end repeat"},
    )
    for number in ("3", "1", "0", "100000", ""):
        filling.put("/data/n", number)
        filling.settle()
        asked = [row for row in filling.root.findall("p") if filling.is_asked(row)]
        assert len(asked) == min(int(number or 0), MOST_ROWS)
    with pytest.raises(FormError):
        filling.add_row("/data/p")


def test_choices_follow_what_was_answered_and_what_is_offered_no_more_is_let_go() -> None:
    filling = opened(
        text("street", default="a"),
        {"type": "select_one_from_file shops.csv", "name": "shop", "label": "shop",
         "choice_filter": "street = ${street}"},
        {"type": "select_multiple yn", "name": "many", "label": "many",
         "choice_filter": "of != ${street}"},
    )  # fmt: skip
    offered = {each.node.name: each.choices for each in filling.page().walk()}
    assert offered["shop"] == (("s1", "نانوایی"),)
    filling.put("/data/shop", "s1")
    filling.put("/data/many", "y n")
    filling.settle()
    assert filling.problems() == ()

    filling.put("/data/street", "2")
    filling.settle()

    assert (filling.answer("/data/shop"), filling.answer("/data/many")) == ("", "y")
    filling.put("/data/many", "y y")
    assert [each.kind for each in filling.problems()] == [ProblemKind.KIND]


def test_an_answer_that_follows_another_is_written_when_that_changes() -> None:
    filling = opened(
        text("a"), {"type": "text", "name": "b", "label": "b", "trigger": "${a}",
                    "calculation": "concat('از ', ${a})"},
        text("c", default="concat('روز ', today())"),
    )  # fmt: skip
    assert [each.title for each in filling.page().below] == ["a", "b", "c"]
    assert filling.definition.nodes["/data/b"].labels == {"": "b"}
    assert filling.answer("/data/c") == "روز 2026-03-21"
    filling.put("/data/a", "x")
    assert filling.answer("/data/b") == "از x"
    filling.put("/data/b", "دست")
    filling.put("/data/a", "x")  # nothing changed
    assert filling.answer("/data/b") == "دست"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", ["5", "-3"], ["5.5", "x", "٥", "1e3", "9" * 30]),
        ("decimal", ["5.5", "-1", "1e3"], ["x", "nan", "inf", "1_0"]),
        ("date", ["2026-03-21"], ["2026-02-30", "دیروز", "1404/01/01"]),
        ("time", ["08:30:00.000"], ["25:00", "x"]),
        ("dateTime", ["2026-03-21T08:30:00.000+03:30"], ["x", "2026-13-01T00:00:00"]),
        ("geopoint", ["35.7 51.4 0 0", "35.7 51.4"], ["95 51", "x", "35.7"]),
        ("geoshape", ["35 51 0 0; 35 52 0 0; 36 52 0 0; 35 51 0 0"], ["35 51", "x"]),
        ("select_one yn", ["y"], ["z", "y n"]),
        ("select_multiple yn", ["y n"], ["y z", "y y"]),
        ("acknowledge", ["OK"], []),
    ],
)
def test_an_answer_is_of_the_kind_that_is_asked(kind, good, bad) -> None:
    filling = opened({"type": kind, "name": "q", "label": "q"})
    for answer in good:
        filling.put("/data/q", answer)
        assert filling.problems() == (), answer
    for answer in bad:
        filling.put("/data/q", answer)
        assert [each.kind for each in filling.problems()] == [ProblemKind.KIND], answer


def test_a_range_has_ends() -> None:
    filling = opened(
        {"type": "range", "name": "q", "label": "q", "parameters": "start=0 end=10 step=2"}
    )
    filling.put("/data/q", "8")
    assert filling.problems() == ()
    filling.put("/data/q", "12")
    assert [each.kind for each in filling.problems()] == [ProblemKind.KIND]


def test_what_is_sent_is_a_submission_that_reads_as_it_was_filled() -> None:
    filling = opened(
        {"type": "start", "name": "start"}, {"type": "end", "name": "end"},
        {"type": "username", "name": "who"}, text("a", default="x"),
        {"type": "begin repeat", "name": "p", "label": "p"}, text("b"), {"type": "end repeat"},
    )  # fmt: skip
    filling.put("/data/p[1]/b", "<&>")
    sent = read_submission(filling.sent(instance_id="uuid:1", replaces="uuid:0"))
    rows = read_answers(filling.definition, sent.root)

    assert (sent.form_id, sent.version) == ("f", "1")
    assert (sent.instance_id, sent.deprecated_id) == ("uuid:1", "uuid:0")
    assert rows[0].answers == {
        "/data/start": NOW, "/data/end": NOW, "/data/who": "surveyor", "/data/a": "x",
    }  # fmt: skip
    assert rows[1].answers == {"/data/p/b": "<&>"}


def test_answers_given_before_are_taken_up_and_what_nobody_asks_is_passed_over() -> None:
    definition = form(
        text("a", default="x"), {"type": "begin repeat", "name": "p", "label": "p"}, text("b"),
        {"type": "end repeat"}, text("c"),
    )  # fmt: skip
    before = fromstring("<data><p><b>1</b></p><odd>9</odd><p><b>2</b></p><c> z </c></data>")

    filling = taken_up(definition, before, now=NOW, language="fa")

    assert filling.answer("/data/a") == ""  # it was emptied
    assert [filling.answer(f"/data/p[{at}]/b") for at in (1, 2)] == ["1", "2"]
    assert filling.answer("/data/c") == "z"
    none = taken_up(definition, Element("data"), now=NOW, language="fa")
    assert [each.tag for each in none.root] == ["a", "c"]
    assert none.add_row("/data/p") == "/data/p[1]"
    assert [each.tag for each in none.root] == ["a", "p", "c"]


@pytest.mark.parametrize(
    ("calculation", "code"),
    [
        ("phone-only(${a})", "filling.phones_alone"), ("instance('none')/root/item", "filling"),
        ("regex(${a}, '(')", "filling.expression"), ("${b} + 1", ""),
        # it would try for hours
        (f"regex('{'a' * 40}!', '(a|aa)+$')", "filling.expression"),
    ],
)  # fmt: skip
def test_a_form_that_a_desk_cannot_compute_says_so(calculation, code) -> None:
    definition = form(
        text("a", default="1"), {"type": "calculate", "name": "b", "calculation": "${a} + 1"},
        {"type": "calculate", "name": "c", "calculation": calculation},
    )  # fmt: skip
    if not code:
        begun(definition, now=NOW, language="fa", user_name="u")
        return
    with pytest.raises(FormError) as caught:
        begun(definition, now=NOW, language="fa", user_name="u")
    assert caught.value.code.startswith(code)
    assert "expression" in caught.value.facts


def test_what_computes_itself_in_a_circle_is_told() -> None:
    definition = form(
        text("a"), {"type": "calculate", "name": "b", "calculation": "concat(${c}, 'x')"},
        {"type": "calculate", "name": "c", "calculation": "concat(${b}, 'y')"},
    )  # fmt: skip
    with pytest.raises(FormError) as caught:
        begun(definition, now=NOW, language="fa", user_name="u")
    assert caught.value.code == "filling.circle"


def test_what_is_not_asked_is_told_nowhere() -> None:
    filling = opened(
        {"type": "select_one yn", "name": "has", "label": "has", "default": "y"},
        text("n", relevant="${has} = 'y'"), text("told", required="yes"),
        {"type": "calculate", "name": "c", "calculation": "${n}"},
        {"type": "calculate", "name": "e", "calculation": "if(true(), ${n}, '')"},
        {"type": "note", "name": "l", "label": "نام ${n}"},
    )  # fmt: skip
    filling.put("/data/n", "راز")
    filling.put("/data/has", "n")
    filling.settle()

    assert "راز" not in filling.sent(instance_id="uuid:1").decode()
    assert not any("راز" in each.title for each in filling.page().walk())


@pytest.mark.parametrize(
    ("expression", "empty", "answered"),
    [
        ("if(${a}, 'T', 'F')", "F", "T"), ("not(${a})", "true", "false"),
        ("${a} or false()", "false", "true"), ("${a} = true()", "false", "true"),
        ("distance(${a}, '35 51')", "0", "0"), ("substr('abc', 0, ${a})", "", ""),
        ("round(2.5, ${a})", "", ""),
    ],
)  # fmt: skip
def test_an_answer_is_true_where_there_is_one_and_nothing_fails_while_it_is_typed(
    expression, empty, answered
) -> None:
    filling = opened(text("a"), {"type": "calculate", "name": "c", "calculation": expression})
    assert filling.answer("/data/c") == empty
    filling.put("/data/a", "35.7")
    filling.settle()
    if "(2.5" not in expression and "substr" not in expression:
        assert filling.answer("/data/c") == answered


def test_no_letter_is_kept_that_xml_cannot_hold() -> None:
    filling = opened(text("a"), {"type": "select_multiple yn", "name": "b", "label": "b"})
    filling.put("/data/a", "x\ufffe\uffff\x00y")
    filling.put("/data/b", "y\x00")
    assert (filling.answer("/data/a"), filling.answer("/data/b")) == ("xy", "y")
    fromstring(filling.sent(instance_id="uuid:1"))
    with pytest.raises(KeyError):
        filling.drop_row("/data/a")


def test_a_count_that_is_written_anew_takes_nothing_away() -> None:
    filling = opened(
        {"type": "integer", "name": "n", "label": "n", "default": "2"},
        {"type": "begin repeat", "name": "p", "label": "p", "repeat_count": "${n}"},
        text("name", default="concat('نفر ', position(..))"),
        {"type": "end repeat"},
        {"type": "calculate", "name": "all", "calculation": "count(${p})"},
    )
    assert [filling.answer(f"/data/p[{at}]/name") for at in (1, 2)] == ["نفر 1", "نفر 2"]
    filling.put("/data/p[2]/name", "مریم")
    for number, rows in (("", "0"), ("1", "1")):
        filling.put("/data/n", number)
        filling.settle()
        assert filling.answer("/data/all") == rows
        assert "مریم" not in filling.sent(instance_id="uuid:1").decode()
    filling.put("/data/n", "3")
    filling.settle()
    assert [filling.answer(f"/data/p[{at}]/name") for at in (1, 2, 3)] == ["نفر 1", "مریم", "نفر 3"]


def test_a_choices_name_is_that_of_its_own_row() -> None:
    filling = opened(
        {"type": "begin repeat", "name": "p", "label": "p"},
        text("street"),
        {"type": "select_one_from_file shops.csv", "name": "s", "label": "s",
         "choice_filter": "street = ${street}"},
        {"type": "calculate", "name": "c", "calculation": "jr:choice-name(${s}, '${s}')"},
        {"type": "end repeat"},
    )  # fmt: skip
    filling.add_row("/data/p")
    for at, (street, shop) in enumerate((("a", "s1"), ("b", "s2")), 1):
        filling.put(f"/data/p[{at}]/street", street)
        filling.put(f"/data/p[{at}]/s", shop)
    filling.settle()
    assert [filling.answer(f"/data/p[{at}]/c") for at in (1, 2)] == ["نانوایی", "دارو"]


def test_a_lot_beside_an_answer_and_a_long_chain_are_no_circles() -> None:
    chain = [
        {"type": "calculate", "name": f"c{at}", "calculation": f"${{c{at + 1}}} + 1"}
        for at in range(40)
    ]
    filling = opened(
        text("a", default="x"), *chain, {"type": "calculate", "name": "c40", "calculation": "0"},
        {"type": "calculate", "name": "u", "calculation": "concat(${a}, '-', uuid())"},
        {"type": "calculate", "name": "r", "calculation": "if(${a} = 'x', random(), '')"},
    )  # fmt: skip
    assert filling.answer("/data/c0") == "40"
    assert filling.answer("/data/u").startswith("x-")
    assert 0 <= float(filling.answer("/data/r")) < 1
