-- One row per record and link to another record, and whether that record is known on T.

with links as ({{ known('related') }}),

records as (select record_id from {{ ref('int_current_records') }})

select
    links.record_id,
    links.position,
    links.id as related_id,
    links.relation,
    links.actions,
    records.record_id is not null as is_known
from links
left join records on links.id = records.record_id
