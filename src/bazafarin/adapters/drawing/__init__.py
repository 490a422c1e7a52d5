"""Maps and charts as pictures, drawn with matplotlib in the look of ``brand.toml``.

canvas        a blank picture, the font, and saving it
look          how something looks, for the map and for its legend
outlines      geometries as matplotlib paths, a whole layer at once
map_picture   a map: layers, labels, the ground it covers and its scale
map_sheet     a map as a sheet of paper, with all that a map carries
plan_maps     the maps of a plan: indices, boundary, revision, place
share_classes five classes of a share, broken at the rule's threshold
project_map   the map of one project and whom it reaches
budget_chart  what each budget of a curve buys
service_chart the land of each service: what exists and what is short

No picture but a sheet carries its title, legend, scale bar, north or source: the document sets
those as text around it, from the ``Frame`` that the map returns.
"""
