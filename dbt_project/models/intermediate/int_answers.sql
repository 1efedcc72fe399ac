-- One row per record and field, list entry or group of fields of the contract into which it has anything written.
-- A value answers, whatever else stands beside it; without one, a state word says why there is none.

with records as (select revision_id from {{ ref('int_current_records') }}),

said as (
    select revision_id, field, cast(null as varchar) as state from {{ source('raw', 'field_values') }}
    union all
    select revision_id, field, state from {{ source('raw', 'field_states') }}
),

names as (
    select field as name from {{ ref('int_asked_fields') }}
    union
    select entry from {{ ref('int_asked_fields') }} where entry is not null
),

-- Which written leaves speak for a name: itself, or what is under it. A few hundred rows, so that the join with every
-- leaf of every record is by equality.
leaves as (
    select names.name, written.field
    from names
    inner join (select distinct field from said) as written
        on written.field = names.name
        or left(written.field, length(names.name) + 1) in (names.name || '.', names.name || '[')
)

select
    said.revision_id,
    leaves.name,
    case when count(*) > count(said.state) then 'answered' else min(said.state) end as answer
from said
inner join records on said.revision_id = records.revision_id
inner join leaves on said.field = leaves.field
group by said.revision_id, leaves.name
