-- One row per record and field the contract asks of it, from its stage, category and domain, with what the record answers.
-- Missing and unknown are never the same: missing is a field nobody wrote anything into. A field of a list's entries is
-- asked where there is an entry, and answered when one of them answers.

with records as (
    select record_id, revision_id, category, domain, {{ stage_rank('stage') }} as stage_rank
    from {{ ref('int_current_records') }}
),

contract as (
    select
        field, section, category, domain, {{ stage_rank('stage') }} as stage_rank,
        -- the list entry it belongs to: actions[] of actions[].success.metric
        case when field like '%[].%' then left(field, length(field) - position('.][' in reverse(field))) end as entry
    from {{ source('raw', 'contract_fields') }}
),

said as (
    select record_id, revision_id, field, cast(null as varchar) as state from {{ source('raw', 'field_values') }}
    union all
    select record_id, revision_id, field, state from {{ source('raw', 'field_states') }}
),

-- Which written leaves speak for an asked field: itself, or what is under it. Small on both sides, so that the join with
-- every leaf of every record is by equality.
asked_names as (
    select field as name from contract
    union
    select entry from contract where entry is not null
),

leaves as (
    select asked_names.name, written.field
    from asked_names
    inner join (select distinct field from said) as written
        on written.field = asked_names.name
        or left(written.field, length(asked_names.name) + 1) in (asked_names.name || '.', asked_names.name || '[')
),

answers as (
    select
        said.record_id, said.revision_id, leaves.name,
        case when count(*) > count(said.state) then 'answered' else min(said.state) end as answer
    from records
    inner join said on records.record_id = said.record_id and records.revision_id = said.revision_id
    inner join leaves on said.field = leaves.field
    group by said.record_id, said.revision_id, leaves.name
),

asked as (
    select distinct records.record_id, records.revision_id, contract.section, contract.field, contract.entry
    from records
    inner join contract
        on contract.stage_rank <= records.stage_rank
        and (contract.category = records.category or contract.category is null)
        and (contract.domain = records.domain or contract.domain is null)
)

select
    asked.record_id,
    asked.section,
    asked.field,
    coalesce(answers.answer, 'missing') as answer
from asked
left join answers
    on asked.record_id = answers.record_id and asked.revision_id = answers.revision_id and asked.field = answers.name
left join answers as entries
    on asked.record_id = entries.record_id and asked.revision_id = entries.revision_id and asked.entry = entries.name
where asked.entry is null or entries.name is not null
