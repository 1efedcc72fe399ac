-- One row per record, role, function and team that took part in it: how many people, and never who.
{{ config(materialized='by_record') }}

with participants as ({{ due('participants') }})

select
    record_id,
    role,
    {{ adapter.quote('function') }},
    team,
    count(*) as n_entries,
    count(distinct person) as n_persons
from participants
group by record_id, role, {{ adapter.quote('function') }}, team
