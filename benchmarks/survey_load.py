"""Surveyors sending what they saw, all at once: none lost, none doubled, and how long each waited.

    python benchmarks/survey_load.py --database postgresql            200 surveyors
    python benchmarks/survey_load.py --database sqlite --surveyors 20

Each sends 50 visits with two photos of half a megabyte within ten minutes, asking first as ODK
Collect does, through digest authentication; one in twenty never hears that it was taken in and is
sent again. Four workers on the machine that also plays the phones. The ratio is the p95 of a post
over one second; at most 1. It ends without a ratio where anything was refused, lost or doubled.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field

import numpy as np
import requests
from PIL import Image
from requests.auth import HTTPDigestAuth

from office_site import environment, p95, served
from towns import quiet

PORT = 8095
SECONDS = 600.0
VISITS = 50
PHOTO_PX = 1_000
TARGET_MS = 1_000.0
SENT_AGAIN = 0.05
PARCELS = 20_000
READY = """
import json, sys
from pathlib import Path
from bazafarin.web import opening
opening.look_at(Path(sys.argv[1]))
from django.utils import timezone
from bazafarin.web.accounts.models import Membership, User
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places.models import City, Parcel
from bazafarin.web.surveys import phones, running
from bazafarin.web.surveys.coverage import parcels_by_block
city, today = City.objects.get(), timezone.localdate()
survey = running.begin_survey(
    by=None, city=city, place=city.place, title="load", begun_on=today, due_on=None
)
blocks = list(parcels_by_block(survey))
told = []
for number in range(int(sys.argv[2])):
    user = User.objects.create(username=f"phone{number}")
    Membership.objects.create(user=user, role=Role.SURVEYOR, place=city.place)
    mine = blocks[number * 3 : number * 3 + 3]
    running.give_blocks(by=None, survey=survey, surveyor=user, block_keys=mine)
    keys = Parcel.objects.of_edition(city).filter(in_block__in=mine)
    told.append({
        "user": user.username, "password": phones.give_phone(by=None, user=user),
        "form": survey.form.form_id, "keys": list(keys.values_list("key", flat=True)),
    })
print(json.dumps(told))
"""
COUNTED = """
import sys
from pathlib import Path
from bazafarin.web import opening
opening.look_at(Path(sys.argv[1]))
from django.db.models import Count
from bazafarin.web.surveys.models import Submission
from bazafarin.web.surveys import photo_files
sent = Submission.objects.filter(instance_id__startswith="uuid:").annotate(n=Count("attachments"))
whole = sum(row.n == 2 for row in sent)
names = sent.values_list("attachments__sha256", flat=True)
print(len(sent), whole, sum(photo_files.path_of(name).exists() for name in names))
"""


@dataclass
class Told:
    """What the phones saw: milliseconds of each post, and what was not taken in."""

    posts_ms: list[float] = field(default_factory=list)
    asks_ms: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    visits: int = 0


def main() -> None:
    """Serve the site, let the phones send, count what is there, print the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--surveyors", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=SECONDS)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options = arguments.parse_args()
    pictures = [picture(seed) for seed in range(16)]
    with served(PARCELS, options.database, workers=4, port=PORT, is_new=True) as data:
        told, where = Told(), environment(options.database)
        ready = json.loads(ran(READY, str(data), str(options.surveyors), where=where))
        phones = [
            threading.Thread(target=send, args=(each, at, options, pictures, told))
            for at, each in enumerate(ready)
        ]
        for phone in phones:
            phone.start()
        for phone in phones:
            phone.join()
        there, whole, files = map(int, ran(COUNTED, str(data), where=where).split())
    size = sum(map(len, pictures)) / len(pictures) / 1e6
    print(
        f"{len(ready)} surveyors, {told.visits:,} visits with two photos of {size:.2f} MB within"
        f" {options.seconds:.0f} s on {options.database}; {quiet()}"
    )
    print(
        f"posts: {len(told.posts_ms):,}, median {np.median(told.posts_ms):.0f} ms, p95"
        f" {p95(told.posts_ms):.0f} ms; asked first: p95 {p95(told.asks_ms):.0f} ms"
    )
    print(f"there: {there:,} visits, {whole:,} with both photos, {files:,} photos on the disk")
    if told.refused:
        sys.exit(f"refused: {told.refused[:5]}")
    if not there == whole == told.visits or files != 2 * there:
        sys.exit("answers were lost or doubled")
    print(f"ratio: {p95(told.posts_ms) / TARGET_MS:.2f}")


def send(
    phone: dict[str, list[str]], at: int, options: argparse.Namespace, pictures: list[bytes],
    told: Told,
) -> None:  # fmt: skip
    """Send the visits of one phone, spread over the time that there is."""
    chance, began = random.Random(at), time.monotonic()
    session = requests.Session()
    session.auth = HTTPDigestAuth(str(phone["user"]), str(phone["password"]))
    url = f"http://127.0.0.1:{PORT}/openrosa/submission"
    for nth in range(VISITS):
        moment = (nth + chance.random()) * options.seconds / VISITS
        time.sleep(max(0.0, began + moment - time.monotonic()))
        instance = f"uuid:{uuid.uuid4()}"
        xml = answer(str(phone["form"]), phone["keys"][nth % len(phone["keys"])], instance)
        files = [("xml_submission_file", ("a.xml", xml, "text/xml"))]
        for name in ("a.jpg", "b.jpg"):
            content = stamped(chance.choice(pictures), f"{at:04}{nth:03}{name[0]}")
            files.append((name, (name, content, "image/jpeg")))
        for _ in range(2 if chance.random() < SENT_AGAIN else 1):
            asked = time.perf_counter()
            first = session.head(url, timeout=60)
            posted = time.perf_counter()
            response = session.post(url, files=files, timeout=60)
            told.posts_ms.append((time.perf_counter() - posted) * 1e3)
            told.asks_ms.append((posted - asked) * 1e3)
            if (first.status_code, response.status_code // 100) != (204, 2):
                told.refused.append(f"{first.status_code} {response.text}")
        told.visits += 1


def answer(form: str, key: str, instance: str) -> bytes:
    """Return a visit as a phone sends it."""
    return (
        '<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" '
        f'id="{form}" version="1"><start>2025-12-01T08:00:00.000+03:30</start>'
        f"<end>2025-12-01T08:05:00.000+03:30</end><visit><parcel>{key}</parcel>"
        "<outcome>surveyed</outcome><location>35.7 51.4 0 5</location>"
        "<surveyed_on>2025-12-01</surveyed_on></visit><building><use>residential</use>"
        "<structure>adobe</structure><quality>repairable</quality></building>"
        "<evidence><photo_front>a.jpg</photo_front><photo_detail>b.jpg</photo_detail></evidence>"
        f"<meta><orx:instanceID>{instance}</orx:instanceID></meta></data>"
    ).encode()


def picture(seed: int) -> bytes:
    """Return a photo of half a megabyte that no compression makes smaller."""
    noise = np.random.default_rng(seed).integers(0, 256, (PHOTO_PX, PHOTO_PX, 3), dtype=np.uint8)
    smooth = Image.fromarray(noise).resize((PHOTO_PX // 2, PHOTO_PX // 2)).resize((1_400, 1_400))
    saved, told = io.BytesIO(), Image.Exif()
    told[0x0132] = "2025:12:01 08:00:00"
    smooth.save(saved, "JPEG", quality=90, exif=told)
    return saved.getvalue()


def stamped(content: bytes, mark: str) -> bytes:
    """Return a photo that differs from every other by what it says of its time."""
    time_said = b"2025:12:01 08:00:00"
    return content.replace(time_said, f"2025:12:01 {mark}".encode()[:19].ljust(19), 1)


def ran(code: str, *words: str, where: dict[str, str]) -> str:
    """Run some code on the site and return what it prints."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, *words], check=True, stdout=subprocess.PIPE, text=True,
        env=where,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    main()
