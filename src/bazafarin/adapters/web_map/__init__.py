"""``map.html``: the plan as one page that opens from disk with no network.

contents         what went into the page, what stayed out, and why
packing          geometries as short lists of whole numbers
columns          the columns that the public may see, as short lists
privacy          the groups of people too small to be told of
themes           the colours, patterns and classes of the blocks
proposals        what is told of priorities, walking access and driver projects
proposal_themes  the blocks coloured by them
neighbourhoods   the neighbourhoods and their figures
plan_data        the plan as the page's data
assembly         one file of markup, look, scripts and data, closed to the network
writing          writes the file

``page/`` holds the page itself: ``page.html``, styles and one small script an idea, joined
in the order of ``assembly.SCRIPTS``. ``vendor/`` holds MapLibre GL and its right-to-left plugin.
"""

from bazafarin.adapters.web_map.contents import LeftOut, Limits, MapContents
from bazafarin.adapters.web_map.writing import write_map

__all__ = ["LeftOut", "Limits", "MapContents", "write_map"]
