-- One row per record and section of the contract of which the record's stage and category ask anything.

with records as (select record_id, stage from {{ ref('int_current_records') }}),

fields as (select * from {{ ref('int_asked_fields') }})

select
    fields.record_id,
    fields.section,
    records.stage,
    count(*) as asked,
    count(*) filter (where answer = 'answered') as answered,
    count(*) filter (where answer = 'unknown') as stated_unknown,
    count(*) filter (where answer = 'not_applicable') as stated_not_applicable,
    count(*) filter (where answer = 'withheld') as stated_withheld,
    count(*) filter (where answer = 'missing') as missing
from fields
inner join records on fields.record_id = records.record_id
group by fields.record_id, fields.section, records.stage
