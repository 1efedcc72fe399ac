-- One row per generation (one delivery, numbered) and source that gave or lost anything in it, up to T.

with as_of as (select as_of from {{ source('raw', 'as_of') }}),

{%- set tables = {'files': "'file_' || kind", 'receipts': 'outcome', 'record_events': 'kind'} %}

events as (
    {% for table, outcome in tables.items() %}
    select generation, source, {{ outcome }} as outcome, max(received_at) as received_at, count(*) as n
    from {{ source('raw', table) }}
    group by generation, source, {{ outcome }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    events.generation,
    events.source,
    max(events.received_at) as received_at
    {%- set counted = ['file_read', 'file_ignored', 'file_removed', 'accepted', 'unchanged', 'duplicate', 'conflicted',
        'quarantined', 'tombstone'] %}
    {%- for outcome in counted %},
    cast(coalesce(sum(events.n) filter (where events.outcome = '{{ outcome }}'), 0) as bigint)
        as {{ outcome | replace('file_', 'files_') | replace('tombstone', 'tombstones') }}
    {%- endfor %}
from events
inner join as_of on events.received_at <= as_of.as_of
group by events.generation, events.source
