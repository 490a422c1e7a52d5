"""Borders: where files, text, pictures and documents come in and go out.

delivery          a city's files, of any kind, read as one clean City
reading_report    what was found in a delivery, row by row
persian_script    the marks of Persian script
persian_text      letters and numbers as deliveries write them and readers read them
wording           every sentence a reader meets, in Persian and English
brand             the tokens of the look
drawing           maps and charts
document          the Persian regeneration document
web_map           the map page that opens from disk
plan_files        the plan as layers, tables and findings
plan_workbook     the plan as a workbook for the office
list_files        a list as a workbook or a GeoPackage, row by row
workbook          a workbook of plain tables
cells             the cells of a column as a file takes them
plan_outputs      everything that a plan is given out as, in one folder
plan_folder       a folder of results that is whole or not there
beside            work in a process of its own, beside other work
survey_form       forms of the survey and the answers to them
openrosa          what phones with ODK Collect say and are told
priority_weights  the office's own weights for a ranking
scenario_file     what the office asks of its driver projects, from TOML
location_files    what it costs to reach each site: tables of pairs and road graphs
synthetic_town    a town whose truth is known by construction
"""
