-- One row per revision and phase (or `week`) whose measure a broken rule sets aside; the rule's own `sets_aside` says which.
{{ config(materialized='ephemeral') }}

with records as (select record_id, revision_id from {{ ref('int_due_records') }}),

findings as (
    select distinct findings.rule, findings.record_id, findings.revision_id
    from {{ source('quality', 'findings') }} as findings
    inner join records on findings.record_id = records.record_id and findings.revision_id = records.revision_id
),

rules as (select rule, {{ each_item('sets_aside') }} as phase from {{ source('quality', 'rules') }})

select
    findings.record_id,
    findings.revision_id,
    rules.phase,
    min(rules.rule) as rule
from findings
inner join rules on findings.rule = rules.rule
group by findings.record_id, findings.revision_id, rules.phase
