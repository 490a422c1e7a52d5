"""The answers of OGC API – Features."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces import cursors
from bazafarin.web.interfaces.callers import for_programs
from bazafarin.web.interfaces.ogc import collections as seen
from bazafarin.web.interfaces.ogc import features
from bazafarin.web.interfaces.ogc.asked import read_asked, read_item, read_plain
from bazafarin.web.interfaces.ogc.description import ogc_description
from bazafarin.web.interfaces.ogc.queryables import queryables_of
from bazafarin.web.interfaces.ogc.reference_systems import offered, storage_of
from bazafarin.web.office.said import said
from bazafarin.web.places.seen_columns import seen_columns

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.interfaces.ogc.collections import Collection
    from bazafarin.web.interfaces.ogc.reference_systems import ReferenceSystem

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA: Final = "application/schema+json"
_QUERYABLES: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
CONFORMS_TO: Final = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
)


@for_programs(Permission.SEE_PLACES)
def landing(request: UserRequest) -> HttpResponse:
    """Say where everything is."""
    read_plain(request.GET)
    links = [
        _link(request, "self", JSON, "landing"),
        _link(request, "service-desc", OPENAPI, "description"),
        _link(request, "conformance", JSON, "conformance"),
        _link(request, "data", JSON, "collections"),
    ]
    title, about = said("web_interfaces.ogc.title"), said("web_interfaces.ogc.about")
    return _answer({"title": title, "description": about, "links": links})


@for_programs(Permission.SEE_PLACES)
def description(request: UserRequest) -> HttpResponse:
    """Describe the addresses."""
    read_plain(request.GET)
    return _answer(ogc_description(_address(request, "landing")), OPENAPI)


@for_programs(Permission.SEE_PLACES)
def conformance(request: UserRequest) -> HttpResponse:
    """Say which parts of the standard hold."""
    read_plain(request.GET)
    return _answer({"conformsTo": list(CONFORMS_TO)})


@for_programs(Permission.SEE_PLACES)
def collections(request: UserRequest) -> HttpResponse:
    """List the collections that one sees."""
    read_plain(request.GET)
    told = [_told(request, each) for each in seen.collections_for(request.user)]
    links = [_link(request, "self", JSON, "collections")]
    return _answer({"links": links, "collections": told})


@for_programs(Permission.SEE_PLACES)
def collection(request: UserRequest, name: str) -> HttpResponse:
    """Tell of one collection."""
    found = seen.collection_named(request.user, name)
    read_plain(request.GET)
    return _answer(_told(request, found))


@for_programs(Permission.SEE_PLACES)
def queryables(request: UserRequest, name: str) -> HttpResponse:
    """Tell by which columns a collection's items can be asked for."""
    found = seen.collection_named(request.user, name)
    read_plain(request.GET)
    columns = seen_columns(request.user, found.city, found.layer)
    address = _address(request, "queryables", found.name)
    return _answer(queryables_of(columns, address=address, title=_title(found)), SCHEMA)


@for_programs(Permission.SEE_PLACES)
def items(request: UserRequest, name: str) -> HttpResponse:
    """Give a page of features."""
    found = seen.collection_named(request.user, name)
    columns = seen_columns(request.user, found.city, found.layer)
    asked = read_asked(request.GET, found.city, columns)
    page = features.features_asked(request.user, found, columns, asked)
    here = request.build_absolute_uri(reverse("interfaces:ogc_items", args=[found.name]))
    words = {key: request.GET[key] for key in request.GET}
    links = [
        {"rel": "self", "type": GEOJSON, "href": f"{here}?{urlencode(words)}" if words else here},
        _link(request, "collection", JSON, "collection", found.name),
    ]
    if page.following is not None:
        # the cursor knows the edition; what asked for it is left out
        words = {key: word for key, word in words.items() if key not in {"edition", "datetime"}}
        words["cursor"] = cursors.written(page.following)
        links.append({"rel": "next", "type": GEOJSON, "href": f"{here}?{urlencode(words)}"})
    ends = json.dumps(
        {
            "type": "FeatureCollection",
            "numberReturned": len(page.features),
            "timeStamp": timezone.now().isoformat(timespec="seconds"),
            "edition": asked.edition,
            "links": links,
        },
        ensure_ascii=False,
    )
    body = f'{ends[:-1]}, "features": [{",".join(page.features)}]}}'
    return _in_system(HttpResponse(body, content_type=GEOJSON), asked.system)


@for_programs(Permission.SEE_PLACES)
def item(request: UserRequest, name: str, key: str) -> HttpResponse:
    """Give one feature."""
    found = seen.collection_named(request.user, name)
    edition, system = read_item(request.GET, found.city)
    if "\0" in key:
        raise Http404
    made = features.feature_at(request.user, found, key, edition=edition, system=system)
    if made is None:
        raise Http404
    made["links"] = [
        _link(request, "self", GEOJSON, "item", found.name, key),
        _link(request, "collection", JSON, "collection", found.name),
    ]
    return _in_system(_answer(made, GEOJSON), system)


def _told(request: HttpRequest, found: Collection) -> dict[str, Any]:
    extent = seen.extent_of(found.city)
    storage = storage_of(found.city)
    told: dict[str, Any] = {
        "id": found.name,
        "title": _title(found),
        "description": said("web_interfaces.ogc.edition", number=found.city.current),
        "itemType": "feature",
        "crs": [system.uri for system in offered(found.city)],
        "links": [
            _link(request, "self", JSON, "collection", found.name),
            _link(request, "items", GEOJSON, "items", found.name),
            _link(request, _QUERYABLES, SCHEMA, "queryables", found.name),
        ],
    }
    if extent is not None:
        told["extent"] = seen.spatial_extent(extent)
    if storage.uri:
        told["storageCrs"] = storage.uri
    return told


def _title(found: Collection) -> str:
    layer = said(f"codes.layer.{found.layer}")
    # a name in a list of layers, and no sentence: its parts need no marks of direction
    return f"{layer} · {found.city.place.name_fa}"


def _address(request: HttpRequest, name: str, *facts: str) -> str:
    return request.build_absolute_uri(reverse(f"interfaces:ogc_{name}", args=facts))


def _link(request: HttpRequest, rel: str, media: str, name: str, *facts: str) -> dict[str, str]:
    href = _address(request, name, *facts)
    return {"rel": rel, "type": media, "title": said(f"web_interfaces.ogc.{name}"), "href": href}


def _answer(told: dict[str, Any], media: str = JSON) -> HttpResponse:
    return JsonResponse(told, content_type=media, json_dumps_params={"ensure_ascii": False})


def _in_system(response: HttpResponse, system: ReferenceSystem) -> HttpResponse:
    response["Content-Crs"] = f"<{system.uri}>"
    return response
