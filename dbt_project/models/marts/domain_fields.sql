-- One row per record and field of its domain pack that was answered, with a value or with a word that says why there is none.
{{ config(materialized='by_record') }}

with written as (
    select * from ({{ due('domain_fields') }}) as held where value is not null and value <> ''
),

states as (
    select records.record_id, records.domain, substr(states.field, length('domain_fields.') + 1) as field, states.state
    from {{ source('raw', 'field_states') }} as states
    inner join {{ ref('int_due_records') }} as records
        on states.record_id = records.record_id and states.revision_id = records.revision_id
    where states.field like 'domain_fields.%'
)

select record_id, domain, field, position, value, cast(null as varchar) as state
from written
union all
select distinct record_id, domain, field, cast(null as integer), cast(null as varchar), state
from states
