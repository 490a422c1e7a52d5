"""Measures: pure vectorised functions, Series and GeoSeries in, Series out on the same index.

parcels          land, ground covered, floor area, depth
frontages        the boundary of a parcel that faces a passage
open_stretches   where no other parcel stands along a wall
parcel_succession which parcel became which, where a survey names the land anew
parcel_contacts  which parcels touch, with no street between them
small_pieces     large polygons cut into small ones
blocks           which parcels form one block, and its outline
places           which area holds a thing
passage_pieces   passages cut at their junctions
face_edges       the edges of faces, found again by place
cross_sections   what lies across a passage at both sides
junction_mouths  where a side street interrupts a passage's face
passages         widths of passages
block_passages   which passages bound or enter which block
derived_passages the middle of the space between blocks, as passages
wall_samples     points along the walls that stand about open space
medial_axis      the middle of open space, as ridges between walls
axis_chains      ridges one after the other, from junction to junction
axis_junctions   where the chains of an axis meet
walking_network  ways along the passages, and who is joined to them where
fabric           what the three indices ask of a parcel
shares           shares with coverage and bounds
agreement        how far two observers say the same
survey_pace      how fast a survey goes, and when it will be done
outlines         clean outlines of many areas
batches          many things in batches, on every core
"""
