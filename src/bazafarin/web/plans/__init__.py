"""Studies run from the page.

urls, views the pages
"""
