-- The weeks of a category are whole and add up to its incidents, wherever the year turns.
with whole as (
    select coalesce(category, 'unknown') as category, count(*) as incidents
    from {{ ref('incidents') }}
    where is_counted
        and started_week_on <= (select max(week_on) from {{ ref('category_weeks') }})
    group by 1
),

weeks as (
    select
        category, cast(sum(incidents) as bigint) as incidents, count(*) as rows_found,
        count(distinct week) as weeks_found, {{ days_between('min(week_on)', 'max(week_on)') }} / 7 + 1 as weeks_due
    from {{ ref('category_weeks') }}
    group by category
)

select coalesce(whole.category, weeks.category) as category
from whole
full outer join weeks on whole.category = weeks.category
where coalesce(whole.incidents, 0) <> coalesce(weeks.incidents, 0)
    or rows_found <> weeks_found
    or rows_found <> weeks_due
