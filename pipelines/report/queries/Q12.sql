-- title: Findings of the rules
-- question: Which rules do the records known on T break?
select
    findings.rule, findings.severity, count(*) as findings, count(distinct findings.record_id) as records
from quality.findings as findings
join marts.incidents as incidents
    on incidents.record_id = findings.record_id and incidents.revision_id = findings.revision_id
group by findings.rule, findings.severity
order by records desc, findings.rule
