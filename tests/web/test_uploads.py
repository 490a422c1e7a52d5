"""What people send: kinds, sizes, zips that unpack to too much or to places outside."""

from __future__ import annotations

import stat
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bazafarin.domain.errors import UsageError
from bazafarin.web.jobs.models import Job
from bazafarin.web.jobs.running import run
from bazafarin.web.places import uploads
from bazafarin.web.places.models import Edition
from web_town import DATED, delivered, layers, signed_in, town


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "entry", ["../../etc/cron.d/evil", "/etc/passwd", "a/../../b.shp", "C:\\windows\\b.shp"]
)
def test_a_zip_that_writes_outside_its_folder_is_refused(tmp_path, entry) -> None:
    path = zipped(tmp_path / "a.zip", {entry: b"x"})

    with pytest.raises(UsageError, match="zip_path"):
        uploads.check_zip(path, "a.zip")


def test_a_zip_with_a_link_is_refused(tmp_path) -> None:
    link = zipfile.ZipInfo("parcels.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(UsageError, match="zip_path"):
        uploads.check_zip(tmp_path / "a.zip", "a.zip")


def test_a_zip_bomb_is_refused_unopened(tmp_path) -> None:
    path = zipped(tmp_path / "a.zip", {"parcels.shp": bytes(30_000_000)})

    with pytest.raises(UsageError, match="zip_bomb"):
        uploads.check_zip(path, "a.zip")


@pytest.mark.parametrize("name", ["inner.zip", "people.xlsx", "places.KMZ"])
def test_a_bomb_within_a_zip_is_refused(tmp_path, name) -> None:
    inner = zipped(tmp_path / "inner", {"parcels.csv": bytes(30_000_000)})
    path = zipped(tmp_path / "a.zip", {name: inner.read_bytes()})

    with pytest.raises(UsageError, match="zip_bomb"):
        uploads.check_zip(path, "a.zip")


def test_a_zip_in_a_zip_in_a_zip_is_refused(tmp_path) -> None:
    path = zipped(tmp_path / "0.zip", {"parcels.csv": b"parcel_id"})
    for depth in (1, 2):
        path = zipped(tmp_path / f"{depth}.zip", {"inner.zip": path.read_bytes()})

    uploads.check_zip(tmp_path / "1.zip", "a.zip")
    with pytest.raises(UsageError, match="zip_path"):
        uploads.check_zip(path, "a.zip")


@pytest.mark.parametrize("name", [".", "./"])
def test_a_zip_entry_without_a_name_is_refused(tmp_path, name) -> None:
    with pytest.raises(UsageError, match="zip_path"):
        uploads.check_zip(zipped(tmp_path / "a.zip", {name: b"x"}), "a.zip")


def test_a_mapping_as_large_as_a_city_is_refused() -> None:
    upload = SimpleUploadedFile("mapping.toml", bytes(uploads.MAPPING_MAX_BYTES + 1))

    with pytest.raises(UsageError, match="file_large"):
        uploads.check(upload, kinds=uploads.MAPPING_KINDS)


def test_a_zip_of_very_many_files_is_refused(tmp_path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": b"x" for n in range(2_100)})

    with pytest.raises(UsageError, match="zip_bomb"):
        uploads.check_zip(path, "a.zip")


def test_a_broken_zip_is_said_to_be_broken(tmp_path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and then nothing")

    with pytest.raises(UsageError, match="zip_broken"):
        uploads.check_zip(tmp_path / "a.zip", "a.zip")


def test_an_honest_zip_is_taken(tmp_path) -> None:
    city = delivered(tmp_path / "city.gpkg", layers(town()))
    path = zipped(tmp_path / "a.zip", {"قطعات/city.gpkg": city.read_bytes()})

    uploads.check_zip(path, "a.zip")


def test_the_name_that_was_sent_is_never_a_path(tmp_path) -> None:
    upload = SimpleUploadedFile("../../evil.gpkg", b"x")

    name = uploads.keep(upload, tmp_path / "in")

    assert name == "delivery.gpkg"
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["delivery.gpkg"]


def test_a_delivery_goes_from_the_page_to_an_edition_that_waits(planner, city, tmp_path) -> None:
    path = delivered(tmp_path / "city.gpkg", layers(town()))
    client = signed_in(planner)

    with path.open("rb") as file:
        sent = client.post(
            f"/places/cities/{city.pk}/deliver/",
            {"delivery": file, "dated": "۱۴۰۴/۰۸/۳۰", "note": "برداشت نخست"},
        )
    job = Job.objects.get()
    run(job)

    assert sent["Location"] == f"/jobs/{job.pk}/"
    edition = Edition.objects.get()
    assert (edition.state, edition.dated) == ("prepared", DATED)
    job.refresh_from_db()
    assert job.state == "done"
    accepted = client.post(f"/places/editions/{edition.pk}/accept/")
    assert accepted.status_code == 302
    assert "1-1-1-0" in client.get(f"/places/cities/{city.pk}/parcels/").content.decode()


def test_a_delivery_that_cannot_be_read_says_why_and_leaves_the_city_free(
    planner, city, tmp_path
) -> None:
    client = signed_in(planner)
    broken = SimpleUploadedFile("city.gpkg", b"this is no GeoPackage")

    client.post(f"/places/cities/{city.pk}/deliver/", {"delivery": broken, "dated": "1404/08/30"})
    job = Job.objects.get()
    run(job)

    job.refresh_from_db()
    assert job.state == "failed"
    assert Edition.objects.get().state == "failed"
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "delivery.gpkg" in page
    again = client.get(f"/places/cities/{city.pk}/deliver/")
    assert again.status_code == 200


@pytest.mark.parametrize("name", ["city.exe", "city.gpkg.php"])
def test_another_kind_of_file_is_refused_and_what_was_typed_stays(planner, city, name) -> None:
    sent = signed_in(planner).post(
        f"/places/cities/{city.pk}/deliver/",
        {"delivery": SimpleUploadedFile(name, b"x"), "dated": "1404/08/30"},
    )

    page = sent.content.decode()
    assert name in page
    assert "1404/08/30" in page
    assert not Edition.objects.exists()


def test_what_is_announced_too_large_is_refused_before_it_is_taken(planner, city, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000

    sent = signed_in(planner).post(
        f"/places/cities/{city.pk}/deliver/",
        {"delivery": SimpleUploadedFile("city.gpkg", bytes(2_000)), "dated": "1404/08/30"},
    )

    assert sent.status_code == 413
    assert not Edition.objects.exists()
