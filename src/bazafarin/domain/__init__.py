"""Things of the city, free of files, frameworks and clocks.

codes        the code lists of the city file
criteria     by what blocks, neighbourhoods and works are ranked
city         the city file's layers and columns, and a city that was read
problem      what was wrong with a delivery, row by row
finding      a figure that explains itself
solar_hijri  Solar Hijri dates
errors       every error that a reader may meet
"""
