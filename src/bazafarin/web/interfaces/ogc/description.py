"""The OpenAPI description of the addresses: programs read from it how much a page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin import __version__
from bazafarin.web.interfaces.callers import SCHEMES, SECURITY
from bazafarin.web.interfaces.ogc.asked import LIMIT, MOST
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLLECTION: Final = {"$ref": "#/components/parameters/collection"}


def ogc_description(root: str) -> dict[str, Any]:
    """Return the description of the addresses below ``root``."""
    parameters = _parameters()
    items = [
        _COLLECTION,
        *(
            {"$ref": f"#/components/parameters/{name}"}
            for name in parameters
            if name not in {"collection", "item"}
        ),
    ]
    item = [_COLLECTION, {"$ref": "#/components/parameters/item"}]
    item += [{"$ref": f"#/components/parameters/{name}"} for name in ("crs", "datetime", "edition")]
    return {
        "openapi": "3.0.3",
        "info": {"title": said("web_interfaces.ogc.title"), "version": __version__},
        "servers": [{"url": root.rstrip("/")}],
        "security": list(SECURITY),
        "components": {
            "securitySchemes": dict(SCHEMES),
            "parameters": parameters,
            "responses": {"problem": {"description": said("web_interfaces.ogc.problem")}},
        },
        "paths": {
            "/": _path("landing", []),
            "/conformance": _path("conformance", []),
            "/collections": _path("collections", []),
            "/collections/{collection}": _path("collection", [_COLLECTION]),
            "/collections/{collection}/queryables": _path("queryables", [_COLLECTION]),
            "/collections/{collection}/items": _path("items", items),
            "/collections/{collection}/items/{item}": _path("item", item),
        },
    }


def _path(name: str, parameters: list[dict[str, str]]) -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/problem"}
    refused = {str(status): problem for status in (400, 401, 403, 404)}
    return {
        "get": {
            "operationId": name,
            "summary": said(f"web_interfaces.ogc.{name}"),
            "parameters": parameters,
            "responses": {"200": {"description": said(f"web_interfaces.ogc.{name}")}, **refused},
        }
    }


def _parameters() -> dict[str, Any]:
    text = {"type": "string"}
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    address = {"type": "string", "format": "uri"}
    return {
        "collection": _parameter("collection", text, place="path"),
        "item": _parameter("item", text, place="path"),
        "limit": _parameter("limit", limit),
        "bbox": {**_parameter("bbox", numbers), "style": "form", "explode": False},
        "bbox-crs": _parameter("bbox-crs", address),
        "crs": _parameter("crs", address),
        "datetime": _parameter("datetime", text),
        "edition": _parameter("edition", {"type": "integer", "minimum": 1}),
        "cursor": _parameter("cursor", text),
    }


def _parameter(name: str, schema: Mapping[str, Any], *, place: str = "query") -> dict[str, Any]:
    key = name.replace("-", "_")
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": said(f"web_interfaces.parameter.{key}"),
        "schema": dict(schema),
    }
