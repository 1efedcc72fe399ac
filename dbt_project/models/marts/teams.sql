-- One row per team named anywhere, spellings that differ in case or white space taken together.

with records as ({{ known('records') }}),

mentions as (
    select record_id, 'action' as place, owner_team as team from ({{ known('actions') }}) as actions
    union all
    select record_id, 'root_cause', owner_team from ({{ known('root_causes') }}) as root_causes
    union all
    select record_id, 'contributing_factor', owner_team from ({{ known('contributing_factors') }}) as factors
    union all
    {%- for place in ['developer', 'deployer'] %}
    select record_id, '{{ place }}', {{ each_item(names('scope_' ~ place ~ 's')) }} from records
    union all
    {%- endfor %}
    select record_id, 'participant', team from ({{ known('participants') }}) as participants
),

named as (select *, {{ alike('team') }} as team_key from mentions where trim(team) <> ''),

spelled as (
    select
        team_key, team,
        row_number() over (partition by team_key order by count(*) desc, team) as place
    from named
    group by team_key, team
)

select
    max(case when spelled.place = 1 then named.team end) as team,
    named.team_key,
    {{ sorted_set('named.team') }} as spellings,
    count(distinct named.team) as n_spellings,
    count(distinct named.record_id) as n_records,
    {%- for place in ['action', 'root_cause', 'contributing_factor', 'participant', 'developer', 'deployer'] %}
    count(*) filter (where named.place = '{{ place }}') as n_{{ place }}s{{ ',' if not loop.last }}
    {%- endfor %}
from named
inner join spelled on named.team_key = spelled.team_key and named.team = spelled.team
group by named.team_key
