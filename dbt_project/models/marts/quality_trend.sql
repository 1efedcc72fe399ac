-- One row per source, month in which records started (UTC) and rule that any of them was judged by.

with records as (select record_id, revision_id, source from {{ ref('int_current_records') }}),

starts as (select * from {{ ref('int_incident_starts') }}),

verdicts as (
    select record_id, revision_id, rule, n_broken
    from {{ unpivoted(source('quality', 'record_quality'), ['record_id', 'revision_id'], 'rule', 'n_broken') }} as verdicts
),

rules as (select * from {{ source('quality', 'rules') }}),

tallies as (
    select
        records.source,
        case
            when starts.started_at_precision <> 'year'
                then cast(date_trunc('month', {{ utc_day('starts.started_at') }}) as date)
        end as month_on,
        verdicts.rule,
        count(*) as judged,
        count(*) filter (where verdicts.n_broken > 0) as broken
    from records
    inner join verdicts on records.record_id = verdicts.record_id and records.revision_id = verdicts.revision_id
    left join starts on records.record_id = starts.record_id
    group by 1, 2, 3
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
