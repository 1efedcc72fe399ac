-- One row per category, week (UTC) and number of days from the Monday of that week until a record of it was first known:
-- counted incidents. What came late in the past says how much of the newest weeks is still to come.
{{ config(materialized='table') }}

with first_known as (
    select record_id, min(known_from) as known_from from {{ ref('int_known_revisions') }} group by record_id
),

delays as (
    select
        coalesce(records.category, 'unknown') as category,
        starts.started_week_on as week_on,
        {{ days_between('starts.started_week_on', utc_day('first_known.known_from')) }} as delay_days
    from {{ ref('int_current_records') }} as records
    inner join {{ ref('int_incident_starts') }} as starts on records.record_id = starts.record_id
    inner join first_known on records.record_id = first_known.record_id
    where records.is_counted and starts.started_week_on is not null
)

select category, week_on, delay_days, count(*) as incidents
from delays
where delay_days >= 0
group by category, week_on, delay_days
