-- One row per kind of record (its stage, category and domain) among those this build makes anew and field the contract asks of it.
-- A stage asks for its own fields and those of every stage before it. Whatever the stage, a record is held against what a
-- published one holds: validation lets none in that lacks what its own stage asks, so nothing would ever be missing.
{{ config(materialized='ephemeral') }}

with kinds as (select distinct stage, category, domain from {{ ref('int_due_records') }}),

-- field_bit stands for the field in sets of a section's fields; a section may ask for 62, today's largest for 19
contract as (
    select *, cast(power(2, dense_rank() over (partition by section order by field) - 1) as bigint) as field_bit
    from {{ source('raw', 'contract_fields') }}
)

select distinct
    kinds.stage,
    kinds.category,
    kinds.domain,
    contract.section,
    contract.field,
    contract.field_bit,
    -- the list entry a field belongs to, actions[] of actions[].success.metric: it is asked of each entry that is there
    case
        when contract.field like '%[].%'
            then left(contract.field, length(contract.field) - position('.][' in reverse(contract.field)))
    end as entry
from kinds
inner join contract
    on {{ stage_rank('contract.stage') }} <= greatest({{ stage_rank('kinds.stage') }}, {{ stage_rank("'published'") }})
    and (contract.category = kinds.category or contract.category is null)
    and (contract.domain = kinds.domain or contract.domain is null)
