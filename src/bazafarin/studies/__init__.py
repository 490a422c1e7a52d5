"""Questions the office asks: measures and rules to findings, one module a question.

placing            where does each parcel belong?
deriving           which passages are there where none were delivered?
worn_out_fabric    which blocks are worn-out, and how sure is it?
surveyed_blocks    what does a survey change of a block, and what is to be surveyed next?
boundary_revision  which blocks come into the boundary, which go out?
parcel_measures    what is a parcel like: frontage, depth, coverage, floor area?
population         how many people live in each neighbourhood?
people_of_parcels  how many people live on each parcel?
privacy            which groups of people are too small to be told of?
service_gaps       what services does each neighbourhood lack?
walking_access     how far do people walk to each service, and where does a fire engine stop?
walking_access_places    where people can go for a service
walking_access_tables    access by neighbourhood and service, and by block
walking_access_capacity  who finds room within the radius
walking_access_findings  the single figures of access
area_findings      what an area holds and what of it is worn-out
priority           what comes first: blocks, neighbourhoods, needed works
priority_values    the figures by which blocks and neighbourhoods are ranked
priority_works     the works that each neighbourhood needs
priority_ranked    one ranking: scores, ranks, how firm they are
priority_findings  the figures and tables of the priorities
driver_projects    what should be built first for the money there is?
project_sites      land that gives way to a project, alone or merged
project_offers     what each site could be built into, its cost, whom it would reach
project_reach      whom each site reaches on foot
project_findings   the figures and tables of the driver projects
scenario           what the office asks of a proposal: money, services, fairness
proposals          access, priority and driver projects of one planned city
findings           the other figures of a plan, by scope
tables             what each column of the plan's tables means
city_plan          the plan of a city
plan_city          every study on one delivery, as of one day
"""
