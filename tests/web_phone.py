"""A phone as ODK Collect is one: it answers a challenge, sends in parts, and sends again."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from bazafarin.adapters.openrosa.digest import REALM, ha1

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

SUBMIT = "/openrosa/submission"


@dataclass
class Phone:
    """A phone with somebody's name and the password that was made for it."""

    name: str
    password: str
    client: Client = field(default_factory=Client)
    nonce: str = ""

    def get(self, url: str) -> HttpResponse:
        """Ask for an address, answering the server's challenge where it asks one."""
        return self._asked("get", url, {})

    def head(self, url: str) -> HttpResponse:
        """Ask what an address would say."""
        return self._asked("head", url, {})

    def send(self, xml: str, files: Mapping[str, bytes] | None = None) -> HttpResponse:
        """Send a submission with files, as one post."""

        def parts() -> dict[str, object]:
            made: dict[str, object] = {"xml_submission_file": upload("a.xml", xml.encode())}
            for at, (name, content) in enumerate((files or {}).items()):
                made[f"file{at}"] = upload(name, content)
            return made

        return self._asked("post", SUBMIT, parts)

    def answer(self, method: str, url: str = SUBMIT) -> str:
        """Return the answer to the server's last challenge; empty before there was one."""
        if not self.nonce:
            return ""
        cnonce, count = uuid.uuid4().hex[:8], "00000001"
        asked = md5(f"{method}:{url}".encode())
        said = f"{ha1(self.name, self.password)}:{self.nonce}:{count}:{cnonce}:auth:{asked}"
        return (
            f'Digest username="{self.name}", realm="{REALM}", nonce="{self.nonce}", uri="{url}", '
            f'qop=auth, nc={count}, cnonce="{cnonce}", response="{md5(said.encode())}", '
            "algorithm=MD5"
        )

    def hear(self, challenge: str) -> None:
        """Take in the nonce of a challenge; none is there in an answer that asks nothing."""
        if found := re.search(r'nonce="([^"]+)"', challenge):
            self.nonce = found[1]

    def _asked(self, method: str, url: str, data: object) -> HttpResponse:
        ask = getattr(self.client, method)
        for _ in range(2):
            sent = data() if callable(data) else data
            answered = self.answer(method.upper(), url)
            headers = {"authorization": answered} if answered else {}
            answer = ask(url, sent, headers=headers)
            if answer.status_code != 401:
                return answer
            self.hear(answer["WWW-Authenticate"])
        return answer


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a part of a post."""
    return SimpleUploadedFile(name, content, "text/xml" if name.endswith("xml") else "image/jpeg")


def photo(taken_at: str = "2025:12:01 08:00:00") -> bytes:
    """Return a photo that tells much of its owner, in every place where one can."""
    picture, told = Image.new("RGB", (40, 30), "teal"), Image.Exif()
    told[ExifTags.Base.Artist] = "OWNER NAME"
    told[ExifTags.Base.DateTime] = taken_at
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (35.0, 42.0, 10.0)
    told.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "SERIAL-7"
    saved = io.BytesIO()
    picture.save(saved, "JPEG", exif=told)
    return saved.getvalue() + b"HIDDEN FILM OF THE OWNER"


def md5(content: bytes) -> str:
    """Return the digest that a list of forms and files tells."""
    return hashlib.md5(content).hexdigest()  # noqa: S324 - OpenRosa's own


def filled(
    form_id: str,
    parcel: str,
    *,
    version: str = "1",
    instance: str = "",
    deprecated: str = "",
    base: int | None = 1_000,
    photo: str = "",
    at: str = "",
    seconds: int = 300,
    **building: object,
) -> str:
    """Return a submission to our own form about a parcel."""
    instance = instance or f"uuid:{uuid.uuid4()}"
    replaces = f"<orx:deprecatedID>{deprecated}</orx:deprecatedID>" if deprecated else ""
    said = {"use": "residential", "structure": "adobe", "quality": "to_demolish"} | building
    answers = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in said.items())
    base_said = "" if base is None else f' baseVersion="{base}"'
    minutes, rest = divmod(seconds, 60)
    return (
        '<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" '
        'xmlns:entities="http://www.opendatakit.org/xforms/entities" '
        f'id="{form_id}" version="{version}">'
        "<start>2025-12-01T08:00:00.000+03:30</start>"
        f"<end>2025-12-01T08:{minutes:02}:{rest:02}.000+03:30</end>"
        f"<visit><parcel>{escape(parcel)}</parcel><outcome>surveyed</outcome>"
        f"<location>{at}</location><surveyed_on>2025-12-01</surveyed_on></visit>"
        f"<building>{answers}</building>"
        "<people><ownership>private</ownership><households>2</households>"
        "<population>5</population><will_renovate>conditional</will_renovate></people>"
        f"<evidence><photo_front>{photo}</photo_front></evidence>"
        f"<meta><orx:instanceID>{instance}</orx:instanceID>{replaces}"
        f'<entity dataset="parcels" id="{escape(parcel)}" update="1"{base_said}/></meta></data>'
    )
