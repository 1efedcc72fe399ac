-- Which sections of the records are least complete, by stage and year?
-- One row per section, stage (imported ones too) and year of the start. All fields asked are counted: the share is no estimate.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        'draft' as least_stage  -- one of draft, review, published, verified
),

stages as (
    select unnest(['draft', 'review', 'published', 'verified']) as stage, unnest([1, 2, 3, 4]) as rank
)

select
    completeness.section, completeness.stage, date_part('year', timezone('UTC', incidents.started_at)) as year,
    count(*) as records, sum(completeness.asked)::bigint as asked, sum(answered)::bigint as answered,
    sum(stated_unknown + stated_not_applicable + stated_withheld)::bigint as stated_without_value,
    sum(missing)::bigint as missing,
    round(sum(missing)::bigint / nullif(sum(completeness.asked)::bigint, 0), 3) as share_missing
from marts.completeness as completeness
join marts.incidents as incidents using (record_id)
left join stages on stages.stage = completeness.stage
cross join asked as parameters
where incidents.is_counted and timezone('UTC', incidents.started_at)::date >= parameters.first_day
    and (stages.rank is null or stages.rank >= (select rank from stages where stage = parameters.least_stage))
group by all
order by share_missing desc nulls last, completeness.section, completeness.stage, year
