"""What one of the fifty does: looks at the map, opens parcels, searches, reads lists."""

from __future__ import annotations

import csv
import json
import os
import random
import re
from pathlib import Path

from locust import HttpUser, between, task

from office_pages import tile_address, tile_numbers

with Path(os.environ["OFFICE_PLACES"]).open(encoding="utf-8") as told:
    PLACES = [(key, float(x), float(y)) for key, x, y in csv.reader(told)]
TILES = tile_numbers(PLACES)
LOGIN = json.loads(Path(os.environ["OFFICE_LOGINS"]).read_text(encoding="utf-8"))["planner"]
CHANCE = random.Random(1)


class Colleague(HttpUser):
    """Somebody of the office."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Sign in."""
        page = self.client.get("/accounts/login/", name="sign in").text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        fields = {"username": LOGIN["user"], "password": LOGIN["password"]}
        self.client.post(
            "/accounts/login/", {**fields, "csrfmiddlewaretoken": found[1]}, name="sign in"
        )

    @task(4)
    def look_at_the_map(self) -> None:
        """Load the tiles of a view."""
        for x, y in CHANCE.sample(TILES, min(3, len(TILES))):
            self.client.get(tile_address(x, y), name="tile")

    @task(4)
    def open_a_parcel(self) -> None:
        """Open a parcel's page."""
        key = CHANCE.choice(PLACES)[0]
        self.client.get(f"/places/cities/1/parcels/{key}/", name="parcel")

    @task(3)
    def search(self) -> None:
        """Search by the beginning of a code."""
        key = CHANCE.choice(PLACES)[0]
        self.client.get(f"/places/cities/1/parcels/?q={key[:5]}", name="search")

    @task(2)
    def read_a_city(self) -> None:
        """Read the page of the city and of its edition."""
        self.client.get("/places/cities/1/", name="city")
        self.client.get("/places/editions/1/", name="edition")

    @task(1)
    def go_home(self) -> None:
        """See what is to do."""
        self.client.get("/", name="home")

    @task(1)
    def read_features(self) -> None:
        """Read a page of features as another program does."""
        self.client.get("/ogc/collections/city-1-parcels/items?limit=100", name="features")
