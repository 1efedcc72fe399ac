-- One row per record and section of the contract of which the record's stage and category ask anything.

with records as (select record_id, revision_id, stage, category, domain from {{ ref('int_current_records') }}),

asked_fields as (select * from {{ ref('int_asked_fields') }}),

answers as (select * from {{ ref('int_answers') }}),

asked_of_all as (
    select stage, category, domain, section, count(*) as asked
    from asked_fields
    where entry is null
    group by stage, category, domain, section
),

asked_of_entries as (
    select stage, category, domain, section, entry, count(*) as asked
    from asked_fields
    where entry is not null
    group by stage, category, domain, section, entry
),

counts as (
    select records.record_id, asked_of_all.section, asked_of_all.asked
    from records
)
select 1
