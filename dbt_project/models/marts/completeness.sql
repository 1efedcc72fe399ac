-- One row per record and section of the contract of which anything is asked of a published record of its kind.
{{ config(materialized='by_record') }}

with records as (select record_id, stage from {{ ref('int_due_records') }}),

answers as (select * from {{ ref('int_section_answers') }})

select
    answers.record_id,
    answers.section,
    records.stage,
    cast(answers.asked as bigint) as asked,
    cast(answers.answered as bigint) as answered,
    cast(answers.stated_unknown as bigint) as stated_unknown,
    cast(answers.stated_not_applicable as bigint) as stated_not_applicable,
    cast(answers.stated_withheld as bigint) as stated_withheld,
    cast(answers.missing as bigint) as missing,
    cast(answers.converted as bigint) as converted
from answers
inner join records on answers.record_id = records.record_id
