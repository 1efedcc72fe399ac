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

{{ spelled('mentions', 'team') }},

tallies as (
    select
        spellings.team_key,
        count(distinct mentions.record_id) as n_records,
        {%- for place in ['action', 'root_cause', 'contributing_factor', 'participant', 'developer', 'deployer'] %}
        count(*) filter (where mentions.place = '{{ place }}') as n_{{ place }}s{{ ',' if not loop.last }}
        {%- endfor %}
    from mentions
    inner join spellings on mentions.team = spellings.team
    group by spellings.team_key
)

select names.*, tallies.* exclude (team_key)
from names
inner join tallies on names.team_key = tallies.team_key
