-- Which incidents came back, and what had become of the actions of the first one?
-- One row per earlier record that later incidents name. A link is the authors' word; `fixes_that_held` counts without it.
with asked as (
    select
        'recurrence' as relation_asked,  -- one of recurrence, same_cause, variant, duplicate, caused_by
        date '2000-01-01' as first_day,  -- later incidents that began earlier are left out
        1 as least_incidents  -- that name the earlier record
),

later as (
    select
        related.related_id as record_id, count(distinct related.record_id) as later_incidents,
        count(distinct incidents.project) as projects,
        min(timezone('UTC', incidents.started_at)::date) as first_later_on,
        max(timezone('UTC', incidents.started_at)::date) as last_later_on
    from marts.related as related
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and related.relation = relation_asked
        and timezone('UTC', incidents.started_at)::date >= first_day
    group by related.related_id
),

done as (
    select
        record_id, count(*) as actions, count(*) filter (is_open) as still_open,
        count(*) filter (status = 'done') as implemented, count(*) filter (verification = 'held') as held,
        count(*) filter (verification = 'did_not_hold') as did_not_hold
    from marts.actions
    group by record_id
)

select
    later.record_id, timezone('UTC', earlier.started_at)::date as started_on, later.later_incidents, later.projects,
    later.first_later_on, later.last_later_on, coalesce(done.actions, 0) as actions,
    coalesce(done.still_open, 0) as still_open, coalesce(done.implemented, 0) as implemented,
    coalesce(done.held, 0) as held, coalesce(done.did_not_hold, 0) as did_not_hold
from later
left join marts.incidents as earlier using (record_id)
left join done using (record_id)
cross join asked
where later.later_incidents >= asked.least_incidents
order by later.later_incidents desc, later.record_id
