"""Bazafarin (بازآفرین): urban regeneration for a municipality, from its parcels to its plan.

domain     things: parcel, block, passage, money, dates, the city file, findings, errors
standards  rules: the law as dated, cited data
analysis   measures: pure functions over tables and geometries
decision   advice: what is best to do, with its proof
studies    questions: measures and rules to findings
adapters   borders: files, coordinate systems, Persian text, documents, maps, the synthetic town
web        people: the office on the web
cli        people: the command line
"""

__version__ = "0.1.0"
