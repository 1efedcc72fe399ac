-- One row per record and section of the contract of which anything is asked, with how many fields are asked and how many
-- are answered, stated away or missing. A field of a list's entries is asked where there is an entry, and answered when
-- one of them answers; a value answers, whatever state word stands beside it. What a conversion from an older version of the
-- contract filled in is missing, since no author wrote it, and is counted among the missing once more.
-- Fields are bits of one number per section, and revisions that hold the same fields are answered for once: 100,000
-- simulated ones hold 8,000 sets of 76 (12 CPU-s with a row for every field of every record, 1.6 so; 2026-11-25).
{{ config(materialized='ephemeral') }}

with records as (select record_id, revision_id, stage, category, domain from {{ ref('int_due_records') }}),

asked_fields as (select * from {{ ref('int_asked_fields') }}),

-- What each field of the contract speaks for: the asked fields it is or is part of, and those its being there makes asked.
leaves as (
    select
        fields.field_id,
        fields.field,
        asked.section,
        bit_or(case when {{ is_under('fields.field', 'asked.field') }} then asked.field_bit else 0 end) as field_bits,
        bit_or(case when {{ is_under('fields.field', 'asked.entry') }} then asked.field_bit else 0 end) as entry_bits
    from {{ source('raw', 'fields') }} as fields
    inner join (select distinct section, field, field_bit, entry from asked_fields) as asked
        on {{ is_under('fields.field', 'asked.field') }} or {{ is_under('fields.field', 'asked.entry') }}
    group by fields.field_id, fields.field, asked.section
),

held as (
    select records.record_id, presence.field_ids
    from records
    inner join {{ source('raw', 'presence') }} as presence on records.revision_id = presence.revision_id
),

field_sets as (select row_number() over () as set_id, field_ids from (select distinct field_ids from held) as found),

answered as (
    select items.set_id, leaves.section, bit_or(leaves.field_bits) as field_bits, bit_or(leaves.entry_bits) as entry_bits
    from (select set_id, {{ each_item('field_ids') }} as field_id from field_sets) as items
    inner join leaves on items.field_id = leaves.field_id
    group by items.set_id, leaves.section
),

record_sets as (
    select held.record_id, field_sets.set_id from held inner join field_sets on held.field_ids = field_sets.field_ids
),

stated as (
    select
        records.record_id, leaves.section,
        bit_or(leaves.entry_bits) as entry_bits
        {%- for state in ['unknown', 'not_applicable', 'withheld', 'converted'] %},
        bit_or(case when states.state = '{{ state }}' then leaves.field_bits else 0 end) as {{ state }}_bits
        {%- endfor %}
    from records
    inner join {{ source('raw', 'field_states') }} as states on records.revision_id = states.revision_id
    inner join leaves on states.field = leaves.field
    group by records.record_id, leaves.section
),

asked as (
    select
        stage, category, domain, section,
        bit_or(case when entry is null then field_bit else 0 end) as always_bits,
        bit_or(case when entry is not null then field_bit else 0 end) as in_entry_bits
    from asked_fields
    group by stage, category, domain, section
),

sets as (
    select
        records.record_id, asked.section,
        asked.always_bits
        | (asked.in_entry_bits & (coalesce(answered.entry_bits, 0) | coalesce(stated.entry_bits, 0))) as asked,
        coalesce(answered.field_bits, 0) as answered
        {%- for state in ['unknown', 'not_applicable', 'withheld', 'converted'] %},
        coalesce(stated.{{ state }}_bits, 0) as {{ state }}
        {%- endfor %}
    from records
    inner join asked
        on records.stage is not distinct from asked.stage
        and records.category is not distinct from asked.category
        and records.domain is not distinct from asked.domain
    left join record_sets on records.record_id = record_sets.record_id
    left join answered on record_sets.set_id = answered.set_id and asked.section = answered.section
    left join stated on records.record_id = stated.record_id and asked.section = stated.section
)

select
    record_id,
    section,
    bit_count(asked) as asked,
    bit_count(asked & answered) as answered,
    bit_count(asked & unknown & ~answered) as stated_unknown,
    bit_count(asked & not_applicable & ~(answered | unknown)) as stated_not_applicable,
    bit_count(asked & withheld & ~(answered | unknown | not_applicable)) as stated_withheld,
    bit_count(asked & ~(answered | unknown | not_applicable | withheld)) as missing,
    bit_count(asked & converted & ~(answered | unknown | not_applicable | withheld)) as converted
from sets
where asked <> 0
