-- Which fields did a project stop writing that its records used to hold, while others went on?
-- One row per project and field whose share of records fell by more than chance. Dates are of the incidents, not of their filing.
with asked as (
    select
        52 as recent_weeks,  -- up to the last full week
        8 as least_records,  -- of the project, before and recently each
        0.8 as least_share_before,  -- of the project's records that held the field
        0.8 as least_share_of_others,  -- of the other projects' recent records that hold it
        4.5 as z  -- standard deviations of the fall; wide, since each project and field is looked at
),

last_week as (select max(week_on) as week_on from marts.category_weeks where is_full),

records as (
    select
        record_id, revision_id, project, started_week_on,
        started_week_on > last_week.week_on - 7 * recent_weeks as is_recent
    from marts.incidents
    cross join last_week
    cross join asked
    where is_counted and project is not null and started_week_on <= last_week.week_on
),

sizes as (
    select
        project, count(*) filter (not is_recent) as n_before, count(*) filter (is_recent) as n_recent,
        sum(count(*) filter (is_recent)) over () as n_recent_all
    from records
    group by project
),

-- a word such as unknown is an answer too; what a conversion filled in is none
written as (
    select record_id, revision_id, field from raw.field_values where field not like '%[]'
    union
    select record_id, revision_id, field from raw.field_states where state <> 'converted'
),

held as (
    select
        project, field, count(*) filter (not is_recent) as before, count(*) filter (is_recent) as recent,
        max(started_week_on) as last_written_on, sum(count(*) filter (is_recent)) over (partition by field) as recent_all
    from written
    join records using (record_id, revision_id)
    group by project, field
),

compared as (
    select
        *,
        before / n_before as share_before, recent / n_recent as share_recent,
        (recent_all - recent) / nullif(n_recent_all - n_recent, 0) as share_of_others,
        (before + recent) / (n_before + n_recent) as share
    from held
    join sizes using (project)
    cross join asked
    where n_before >= least_records and n_recent >= least_records
)

select
    project, field, n_before, before as held_before, n_recent, recent as held_recent,
    round(analysis.share_high(recent, n_recent, 1.96), 3) as share_recent_high,
    round(share_of_others, 3) as share_of_others, last_written_on
from compared
where share_before >= least_share_before and share_of_others >= least_share_of_others
    and share_before - share_recent > z * sqrt(share * (1 - share) * (1 / n_before + 1 / n_recent))
order by project, field
