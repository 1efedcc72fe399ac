-- One row per generation (one delivery, numbered) and source that gave or lost anything in it, up to T.

with as_of as (select as_of from {{ source('raw', 'as_of') }}),

events as (
    select generation, received_at, source, 'file_' || kind as outcome from {{ source('raw', 'files') }}
    union all
    select generation, received_at, source, outcome from {{ source('raw', 'receipts') }}
    union all
    select generation, received_at, source, kind from {{ source('raw', 'record_events') }} where kind = 'tombstone'
)

select
    events.generation,
    events.source,
    max(events.received_at) as received_at,
    {%- for outcome in ['read', 'ignored', 'removed'] %}
    count(*) filter (where events.outcome = 'file_{{ outcome }}') as files_{{ outcome }},
    {%- endfor %}
    {%- for outcome in ['accepted', 'unchanged', 'duplicate', 'conflicted', 'quarantined'] %}
    count(*) filter (where events.outcome = '{{ outcome }}') as {{ outcome }},
    {%- endfor %}
    count(*) filter (where events.outcome = 'tombstone') as tombstones
from events
inner join as_of on events.received_at <= as_of.as_of
group by events.generation, events.source
