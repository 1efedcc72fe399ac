-- title: How far to trust the page
-- question: How many records are known on T, and how many of them state what the page counts?
select
    count(*) as records,
    count(*) filter (is_counted) as incidents,
    count(*) filter (record_kind = 'near_miss') as near_misses,
    count(*) filter (not is_counted and record_kind is distinct from 'near_miss') as other_kinds,
    count(*) filter (is_counted and category is not null) as with_category,
    count(*) filter (is_counted and severity is not null) as with_severity,
    count(*) filter (is_counted and started_week is not null) as with_week,
    count(*) filter (is_counted and started_week_on between $week_on - 51 * 7 and $week_on) as incidents_52_weeks,
    count(*) filter (is_counted and started_week_on = $week_on) as incidents_of_week,
    count(*) filter (is_chronology_faulty) as faulty_chronology,
    count(*) filter ((record_id, revision_id) in (select (record_id, revision_id) from quality.findings)) as with_findings,
    count(*) filter (provenance = 'synthetic') as synthetic,
    count(*) filter (stage = 'imported') as imported,
    strftime(
        max(make_timestamp(epoch_us(started_at))) filter (is_counted and started_week is not null and started_at <= $as_of),
        '%Y-%m-%d'
    ) as newest_on
from marts.incidents
