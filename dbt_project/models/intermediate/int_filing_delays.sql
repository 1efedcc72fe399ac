-- One row per category, week (UTC) and number of days from the Monday of that week until a record of it was first known:
-- counted incidents. What came late in the past says how much of the newest weeks is still to come. Of weeks that began before
-- anything of the record's source was known the delay is NULL: history brought in with a first delivery was not filed late.
{{ config(materialized='table') }}

with known as (select record_id, source, known_from from {{ ref('int_known_revisions') }}),

sources as (select source, min(known_from) as known_from from known group by source),

-- a record that changed its source was watched from the first of them on
first_known as (
    select
        known.record_id,
        {{ utc_day('min(known.known_from)') }} as known_on,
        {{ utc_day('min(sources.known_from)') }} as watched_on
    from known
    inner join sources on known.source = sources.source
    group by known.record_id
),

delays as (
    select
        coalesce(records.category, 'unknown') as category,
        starts.started_week_on as week_on,
        -- a day before the Monday is one of a start that was moved later on
        case
            when starts.started_week_on >= first_known.watched_on
                then greatest({{ days_between('starts.started_week_on', 'first_known.known_on') }}, 0)
        end as delay_days
    from {{ ref('int_current_records') }} as records
    inner join {{ ref('int_incident_starts') }} as starts on records.record_id = starts.record_id
    inner join first_known on records.record_id = first_known.record_id
    where records.is_counted and starts.started_week_on is not null
)

select category, week_on, delay_days, count(*) as incidents
from delays
group by category, week_on, delay_days
