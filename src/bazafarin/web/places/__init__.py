"""Places: from the province to the parcel, their editions, imports and corrections.

apps           makes the spatial index after each migration
models/        a noun a file
geometry_field one thin geometry field for SQLite and PostGIS
spatial_index  the R-tree and GiST under it
scope          which places, and which rows of a city, somebody may see
layers         the city file's layers as tables, and back
loading        very many rows into a table at once
same_corners   shapes that a delivery only writes otherwise
changes        what an edition changes: new, changed, vanished, split and merged
preparing      a delivery read and staged as an edition that nobody sees yet
actions        accepting and refusing an edition, adding places
correcting     a parcel or a boundary drawn or corrected on the map, as an edition of its own
observing      what was seen of parcels on the ground, as an edition of its own
correction_checks what a corrected shape must hold: valid, in the city, no overlap, no sliver
uploads        files that people send: their size, their kind, what a zip unpacks to
work           the background work of an import
seen_columns   which columns somebody may see, at which rows
lists          the lists as files
queries        what the pages of places show
forms          what is filled in to deliver an edition, and to add a place or a target area
tree           the administrative tree as its pages show it
target_areas   target areas of regeneration: whose they are, and their versions in time
boundary_versions the approved boundary through the editions
preview        a picture of what an edition changes
urls, views    the pages of a city
tree_views     the pages of the administrative tree
edition_views  the pages of an edition
area_views     the pages of target areas and of the boundary's versions
"""
