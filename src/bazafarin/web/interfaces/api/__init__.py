"""The JSON API: the office's nouns for other programs, with its OpenAPI description.

site          the API put together: its description, its errors, who may call
shapes        what is answered, field by field
answers       the answers of an address, problems among them
seen          what a caller asks for and sees
paging        a page of a long list and the address of the next
places        places, cities, editions, blocks
parcels       parcels: search, facts, history, and whether one lies in worn-out fabric
plan_results  what studies say of a city and of a block
plans         plans and what they say of blocks
own           oneself and the work that was asked for
views         the description, and a page of it
"""
