-- One row per record known on T, rule it breaks and place where it does, with how to mend it.
{{ config(materialized='by_record') }}

with findings as (select * from {{ source('quality', 'findings') }}),

records as (select record_id, revision_id, source, path from {{ ref('int_due_records') }}),

rules as (select * from {{ source('quality', 'rules') }})

select
    findings.record_id,
    findings.rule,
    rules.title,
    findings.severity,
    rules.concern,
    findings.position,
    findings.field,
    findings.message,
    rules.reason,
    rules.fix,
    rules.sets_aside,
    records.source,
    records.path
from findings
inner join records on findings.record_id = records.record_id and findings.revision_id = records.revision_id
left join rules on findings.rule = rules.rule
