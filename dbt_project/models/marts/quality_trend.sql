-- One row per source, month in which records started (UTC) and rule that any of them was judged by.

with records as (select record_id, revision_id, source from {{ ref('int_current_records') }}),

starts as (select * from {{ ref('int_incident_starts') }}),

rules as (select * from {{ source('quality', 'rules') }}),

-- a column for each rule, counted as columns: as a row for each rule and record it took six times as long
verdicts as (
    select
        records.source,
        case
            when starts.started_at_precision <> 'year'
                then cast(date_trunc('month', {{ utc_day('starts.started_at') }}) as date)
        end as month_on,
        verdicts.* exclude (record_id, revision_id)
    from records
    inner join {{ source('quality', 'record_quality') }} as verdicts
        on records.record_id = verdicts.record_id and records.revision_id = verdicts.revision_id
    left join starts on records.record_id = starts.record_id
),

judged as (select source, month_on, {{ counts_of_others(['source', 'month_on']) }} from verdicts group by source, month_on),

broken as (
    select source, month_on, {{ counts_of_others(['source', 'month_on'], but=0) }} from verdicts group by source, month_on
),

tallies as (
    select judged.source, judged.month_on, judged.rule, judged.n as judged, broken.n as broken
    from {{ unpivoted('judged', ['source', 'month_on'], 'rule', 'n') }} as judged
    inner join {{ unpivoted('broken', ['source', 'month_on'], 'rule', 'n') }} as broken
        on judged.source = broken.source and judged.month_on is not distinct from broken.month_on
        and judged.rule = broken.rule
    where judged.n > 0
)

select
    tallies.source,
    tallies.month_on,
    tallies.rule,
    rules.title,
    rules.severity,
    rules.concern,
    tallies.judged,
    tallies.broken,
    cast(tallies.broken as double) / tallies.judged as share_broken
from tallies
left join rules on tallies.rule = rules.rule
