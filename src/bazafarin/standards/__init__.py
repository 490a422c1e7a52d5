"""Rules: the law as dated, cited data; a city overrides from a date on, history stays."""
