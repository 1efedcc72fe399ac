-- Are post-mortems led by somebody outside the team that owns the cause, and by more than one team?
-- One row per year of the start, over incidents that name participants. Teams and functions are counted, never people.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

owners as (
    select record_id, list(distinct owner_team) as teams
    from marts.causes
    where owner_team is not null and kind <> 'trigger'
    group by record_id
),

led as (
    select
        record_id, date_part('year', timezone('UTC', incidents.started_at)) as year,
        count(*) filter (people.role = 'facilitator') > 0 as is_led,
        count(*) filter (
            people.role = 'facilitator' and people.team is not null and not list_contains(owners.teams, people.team)
        ) > 0 as is_led_from_outside,
        list(people.team) filter (people.role = 'facilitator' and people.team is not null) as teams,
        list(people.function) filter (people.role = 'facilitator' and people.function is not null) as functions
    from marts.participation as people
    join marts.incidents as incidents using (record_id)
    left join owners using (record_id)
    cross join asked
    where incidents.is_counted and timezone('UTC', incidents.started_at)::date >= first_day
    group by all
),

counts as (
    select
        year, count(*) as incidents, count(*) filter (is_led) as led,
        count(*) filter (is_led_from_outside) as led_from_outside,
        len(list_distinct(flatten(list(coalesce(teams, []))))) as facilitating_teams,
        len(list_distinct(flatten(list(coalesce(functions, []))))) as facilitating_functions
    from led
    group by year
)

select
    year, incidents, led, led_from_outside, facilitating_teams, facilitating_functions,
    round(led_from_outside / nullif(led, 0), 3) as share_from_outside,
    round(analysis.share_low(led_from_outside, led, z), 3) as share_low,
    round(analysis.share_high(led_from_outside, led, z), 3) as share_high
from counts, asked
order by year
