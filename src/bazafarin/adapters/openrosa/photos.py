"""Photos of a survey: what one tells of its owner is taken off, and a smaller picture is made.

A phone writes into a photo its own number, its owner's name, what the picture looked like before
it was cut. Of all that the place and the time alone stay. The picture itself is not written anew:
its segments are copied, so that a thousand photos in an hour cost a server next to nothing.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = {
    "JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp",
}  # fmt: skip
"""What a photo may be, and its kind as a browser is told it; MPO is a JPEG with more behind it."""
_OPENED: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 50_000_000
"""Twice what a phone of the day takes; a picture that unpacks to more is a bomb."""
THUMBNAIL_PX: Final = 320
_EXIF: Final = b"Exif\x00\x00"
_KEPT: Final = (ExifTags.Base.Orientation, ExifTags.Base.DateTime)
_KEPT_OF_THE_SHOT: Final = (
    ExifTags.Base.DateTimeOriginal,
    ExifTags.Base.OffsetTimeOriginal,
    ExifTags.Base.DateTimeDigitized,
)
_KEPT_OF_THE_PLACE: Final = (
    ExifTags.GPS.GPSLatitudeRef, ExifTags.GPS.GPSLatitude,
    ExifTags.GPS.GPSLongitudeRef, ExifTags.GPS.GPSLongitude,
    ExifTags.GPS.GPSAltitudeRef, ExifTags.GPS.GPSAltitude,
    ExifTags.GPS.GPSTimeStamp, ExifTags.GPS.GPSDateStamp,
)  # fmt: skip
_SOI, _SOS, _EOI = b"\xff\xd8", 0xDA, 0xD9
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""What begins a segment: among the bits of a scan FF is followed by 0 or by a restart's mark."""
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_STAYS: Final = ((_APP0, b"JFIF\x00"), (_APP2, b"ICC_PROFILE\x00"), (_APP14, b"Adobe"))


def without_owner(content: bytes, *, name: str) -> tuple[bytes, str]:
    """Return a photo without what it tells of its owner, and its kind as ``image/…``.

    Raises:
        FormError: it is no photo of a known kind, or unpacks to more than ``MOST_PIXELS``.
    """
    picture = _opened(content, name)
    exif = _kept_exif(picture)
    if KINDS[str(picture.format)] == KINDS["JPEG"]:
        return _jpeg_with(content, exif, name), KINDS["JPEG"]
    saved = BytesIO()
    kind = str(picture.format)
    lossless = {"lossless": True} if kind == "WEBP" else {}
    try:
        picture.save(saved, kind, exif=exif, **lossless)
    except (OSError, ValueError, SyntaxError) as error:
        raise FormError("submission.no_photo", file=name) from error
    return saved.getvalue(), KINDS[kind]


def thumbnail(content: bytes, *, name: str) -> bytes:
    """Return a JPEG that fits ``THUMBNAIL_PX`` each way, turned as the photo was held.

    Raises:
        FormError: it is no photo, or a broken one.
    """
    picture = _opened(content, name)
    picture.draft("RGB", (THUMBNAIL_PX * 2, THUMBNAIL_PX * 2))
    try:
        small = ImageOps.exif_transpose(picture).convert("RGB")
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
        saved = BytesIO()
        small.save(saved, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError) as error:
        raise FormError("submission.no_photo", file=name) from error
    return saved.getvalue()


def _opened(content: bytes, name: str) -> Image.Image:
    """Return a picture whose pixels are not read yet."""
    try:
        picture = Image.open(BytesIO(content), formats=_OPENED)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FormError("submission.no_photo", file=name) from error
    except Image.DecompressionBombError as error:
        raise FormError("submission.photo_pixels", file=name, most=MOST_PIXELS) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise FormError("submission.photo_pixels", file=name, most=MOST_PIXELS)
    return picture


def _kept_exif(picture: Image.Image) -> bytes:
    """Return what of a picture's EXIF stays; empty where nothing does."""
    try:
        told = picture.getexif()
        shot, place = told.get_ifd(ExifTags.IFD.Exif), told.get_ifd(ExifTags.IFD.GPSInfo)
        kept = Image.Exif()
        for tag in _KEPT:
            if tag in told:
                kept[tag] = told[tag]
        for ifd, tags, source in (
            (ExifTags.IFD.Exif, _KEPT_OF_THE_SHOT, shot),
            (ExifTags.IFD.GPSInfo, _KEPT_OF_THE_PLACE, place),
        ):
            if some := {int(tag): source[tag] for tag in tags if tag in source}:
                kept.get_ifd(ifd).update(some)
        written = kept.tobytes()
    except (OSError, ValueError, TypeError, KeyError, SyntaxError, OverflowError):
        return b""  # what cannot be read cannot be kept; the picture stays
    return written if len(kept) or shot or place else b""


def _jpeg_with(content: bytes, exif: bytes, name: str) -> bytes:
    """Return a JPEG with this EXIF and no other segment of an application or comment.

    JFIF (0) tells the shape of the pixels, the colour profile (2) and Adobe's (14) the colours;
    under the same numbers other things are hidden, so it is their own marks that let them stay.
    What stands behind the picture's end, where phones hide films and maps of depth, is left off.
    """
    parts = [_SOI]
    if exif:
        body = exif if exif.startswith(_EXIF) else _EXIF + exif
        parts.append(b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body)
    for marker, segment in _segments(content, name):
        is_application = _APP0 <= marker <= _APP15
        told = segment[4:]
        stays = any(marker == kind and told.startswith(mark) for kind, mark in _STAYS)
        if marker != _COMMENT and (stays or not is_application):
            parts.append(segment)
    return b"".join(parts)


def _segments(content: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield each segment of a JPEG with its marker, a scan with its bits, up to the end's."""
    at = len(_SOI)
    while marked := _MARKER.search(content, at):
        marker, at = content[marked.end() - 1], marked.end() - 2
        if marker == _EOI:
            yield marker, content[at : at + 2]
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        after = None
        if marker == _SOS:
            after = _MARKER.search(content, end)
            end = len(content) if after is None else after.end() - 2
        yield marker, content[at:end]
        at = end
        if marker == _SOS and after is None:  # cut off behind its last scan: it can be looked at
            return
    raise FormError("submission.no_photo", file=name)
