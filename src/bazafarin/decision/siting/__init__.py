"""Where facilities should stand: the classic models of location, solved to proof.

travel_costs      what it costs to reach each site from each demand point
answer            the sites chosen, how good they are and what proves it
p_median          the least sum of weight × cost
maximal_covering  the most weight within a radius
covering          the fewest sites that have everyone within a radius
p_center          the least cost of whoever is farthest
interchange       good sites found quickly
lagrangian        a bound by prices
nearest_levels    the p-median as an integer program
dominance         demand points and sites that others make needless
integer_program   one program, handed to HiGHS
stopwatch         how long a solver may still go on
"""

from bazafarin.decision.siting.answer import Model, Siting
from bazafarin.decision.siting.covering import set_cover
from bazafarin.decision.siting.maximal_covering import maximal_cover
from bazafarin.decision.siting.p_center import p_center
from bazafarin.decision.siting.p_median import p_median
from bazafarin.decision.siting.travel_costs import TravelCosts

__all__ = [
    "Model",
    "Siting",
    "TravelCosts",
    "maximal_cover",
    "p_center",
    "p_median",
    "set_cover",
]
