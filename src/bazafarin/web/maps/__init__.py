"""Vector tiles of our own and the map, its corrections and its print.

tile_square      where a tile lies, and shapes in its steps
tile_lines       shapes as the drawing commands of a tile
vector_tile      layers as the bytes of a tile (MVT)
drawn_layers     what of each layer is in a tile, and from which zoom on
raw_rows         rows of a layer as plain values
seen             where in a city somebody may see what
labels           names as the map can draw them
plan_door        the one way to the results of plans
tiles            a tile of a city, as far as somebody may see it
themes           by what the map is coloured, and what each colour means
page_words       the sentences that the map's script says
queries          what the map asks: search, a click, shapes to snap to
forms            what is filled in to correct a parcel or the boundary
printing         the view as a PDF
urls, views      the page, the tiles, the search, the panel, the print
correction_views drawing and correcting
"""
