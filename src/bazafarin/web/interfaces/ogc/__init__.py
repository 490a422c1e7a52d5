"""OGC API – Features: places as collections that QGIS and its like read.

reference_systems  the coordinate systems that are offered, and the order of their axes
collections        which collections somebody sees
asked              what a request for items asks for
box                a box that features must meet
features           the features that were asked for, and their writing as GeoJSON
queryables         by which columns items can be asked for
description        the OpenAPI description
views              the addresses' answers
"""
