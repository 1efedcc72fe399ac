-- Which causes are named by more than one incident, and did the actions against them hold?
-- One row per code of a cause, over counted incidents that began on `first_day` or later.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        2 as least_incidents  -- that name the code
),

named as (
    select causes.record_id, causes.code, causes.cause_id, incidents.project
    from marts.causes as causes
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and causes.code is not null
        and timezone('UTC', incidents.started_at)::date >= asked.first_day
)

select
    named.code,
    count(distinct named.record_id) as incidents,
    count(distinct named.project) as projects,
    count(distinct (actions.record_id, actions.position)) filter (actions.record_id is not null) as actions,
    count(distinct (actions.record_id, actions.position)) filter (actions.verification = 'held') as held,
    count(distinct (actions.record_id, actions.position)) filter (actions.verification = 'did_not_hold') as did_not_hold
from named
left join marts.actions as actions
    on actions.record_id = named.record_id and list_contains(actions.prevents, named.cause_id)
group by named.code
having count(distinct named.record_id) >= (select least_incidents from asked)
order by incidents desc, named.code
