-- One row per revision and phase whose computed duration a broken rule sets aside; the rule's own `sets_aside` says which.

with findings as (select distinct rule, record_id, revision_id from {{ source('quality', 'findings') }}),

rules as (select rule, {{ each_item('sets_aside') }} as phase from {{ source('quality', 'rules') }})

select
    findings.record_id,
    findings.revision_id,
    rules.phase,
    min(rules.rule) as rule
from findings
inner join rules on findings.rule = rules.rule
group by findings.record_id, findings.revision_id, rules.phase
