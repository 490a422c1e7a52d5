"""Rules: the law as dated, cited data; a city overrides from a date on, history stays.

registry    the rules as of a day, with their citations
rule        a rule and the values it has had
rule_value  what a value may be: a number in its unit, a range, codes
rule_file   TOML files of rules, checked as a whole
national/   the rules themselves
"""

from bazafarin.standards.registry import Standards, citation, per_capita, services, value

__all__ = ["Standards", "citation", "per_capita", "services", "value"]
