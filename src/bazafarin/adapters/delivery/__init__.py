"""A delivery at the door: any files of a city in, one clean ``City`` and every problem out.

reading             the way of a reading, from files to City
mapping             the mapping file: a delivery's own names, units and codes
mapping_file        reads and checks a mapping file, all mistakes at once
mapping_checks      what its entries may be
opening             a file, a folder or a zip as a list of the layers in it
layer_finding       which file's layer is which layer of the city
drivers             which formats GDAL may open, by who sends; never the network
source_file         one file's layer as it stands, of any format
shapefile_parts     a Shapefile whose parts do not belong together
encodings           which letters an old table's bytes stand for
row_choice          which rows of a source the mapping takes
columns             delivered fields onto the columns of the city file
values              one field's values as one column's: numbers, years, codes, answers
synonyms            what the office and its contractors call layers, fields and codes
coordinate_systems  which system coordinates are in, and the one to work in
geometries          every geometry valid, of the layer's shape, or rejected with its reason
astray              rows that lie far from the city
identifiers         every row with a name of its own
streets             streets and rivers delivered among the parcels
overlaps            parcels that overlap, and slivers
areas               deed areas against the geometry's
keyed_tables        a table of several rows a parcel onto the parcels
about               what a GeoPackage says about itself
ledger              what was found, row by row
"""

from bazafarin.adapters.delivery.ledger import rejected_table
from bazafarin.adapters.delivery.reading import read_city

__all__ = ["read_city", "rejected_table"]
