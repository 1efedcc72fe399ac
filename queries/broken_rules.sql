-- Which rules do the records known now break, and how is each mended?
-- One row per finding. Such records are kept and counted; only the durations named in `sets_aside` are left out.
select
    findings.rule,
    findings.severity,
    incidents.source,
    incidents.path,
    findings.field,
    findings.message,
    rules.fix,
    rules.sets_aside
from quality.findings as findings
join marts.incidents as incidents using (record_id, revision_id)
join quality.rules as rules using (rule)
order by all
