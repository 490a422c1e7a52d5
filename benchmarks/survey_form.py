"""A form of 300 questions compiled, and a surveyor's list of 2,000 parcels, each over its target.

    python benchmarks/survey_form.py

The form is Persian, with choices, conditions and limits, as a workbook. The list is what a phone
downloads: read from the site's tables, its outlines turned into degrees. The ratio is the worse of
both over one second and over 300 ms (p95 of twenty); at most 1.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from office_site import environment, kept, p95
from towns import quiet

QUESTIONS = 300
PARCELS = 2_000
COMPILE_S, LIST_MS = 1.0, 300.0
LISTED = """
import sys, time
from pathlib import Path
from bazafarin.web import opening
opening.look_at(Path(sys.argv[1]))
from django.db import transaction
from bazafarin.web.accounts.models import User
from bazafarin.web.surveys import parcels_given, running
from bazafarin.web.surveys.models import Survey
from bazafarin.web.surveys.coverage import parcels_by_block
survey = Survey.objects.first()
user = User.objects.get(username="surveyor")
blocks, held = [], 0
for block, count in parcels_by_block(survey).items():
    if held < int(sys.argv[2]):
        blocks.append(block); held += count
with transaction.atomic():
    running.give_blocks(by=None, survey=survey, surveyor=user, block_keys=blocks)
    for _ in range(21):
        began = time.perf_counter()
        table = parcels_given.list_for(user, survey.form)
        print((time.perf_counter() - began) * 1e3)
    print(table.count(b"\\n") - 1)
    transaction.set_rollback(True)
"""


def main() -> None:
    """Measure both and print the ratio."""
    with tempfile.TemporaryDirectory() as room:
        content = workbook(Path(room) / "form.xlsx")
    compiled = min(compiled_s(content) for _ in range(3))
    with kept(20_000, "sqlite") as data:
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", LISTED, str(data), str(PARCELS)],
            check=True, capture_output=True, text=True, env=environment("sqlite"),
        )  # fmt: skip
    *times, rows = map(float, done.stdout.split())
    listed = p95(times[1:])
    print(f"{QUESTIONS} questions compiled in {compiled:.2f} s, the best of three")
    print(f"a list of {int(rows):,} parcels: p95 {listed:.0f} ms, the first {times[0]:.0f} ms")
    print(f"  {quiet()}")
    print(f"ratio: {max(compiled / COMPILE_S, listed / LIST_MS):.2f}")


def workbook(path: Path) -> bytes:
    """Return a form of so many questions as a workbook."""
    book = openpyxl.Workbook()
    survey, choices = book.active, book.create_sheet("choices")
    assert survey is not None
    survey.title = "survey"
    survey.append(
        ["type", "name", "label::فارسی (fa)", "label::English (en)", "relevant", "constraint"]
    )
    for at in range(QUESTIONS):
        kind = ("text", "integer", f"select_one l{at % 20}", f"select_multiple l{at % 20}")[at % 4]
        relevant = "" if at % 5 or not at else f"${{q{at - 1}}} != ''"
        limit = ". >= 0 and . <= 100" if kind == "integer" else ""
        survey.append([kind, f"q{at}", f"پرسش {at}", f"Question {at}", relevant, limit])
    choices.append(["list_name", "name", "label::فارسی (fa)", "label::English (en)"])
    for at in range(20 * 12):
        choices.append([f"l{at // 12}", f"c{at % 12}", f"پاسخ {at % 12}", f"Answer {at % 12}"])
    book.save(path)
    return path.read_bytes()


def compiled_s(content: bytes) -> float:
    """Return the seconds of compiling a workbook and reading what it asks."""
    from bazafarin.adapters.survey_form.compiling import compile_workbook  # noqa: PLC0415

    began = time.perf_counter()
    form = compile_workbook(content, file_name="form.xlsx")
    took = time.perf_counter() - began
    assert len(form.definition.questions) == QUESTIONS
    return took


if __name__ == "__main__":
    main()
