-- One row per counted incident and facet value: the words in which a recurring combination is looked for, the teams and
-- projects in which it must recur, and the event it tells of (int_repeats). Names of artifacts and services are compared as
-- the marts of services and artifacts do.
{{ config(materialized='by_record') }}

with incidents as (select record_id, project, category from {{ ref('int_due_records') }} where is_counted),

starts as (select record_id, started_at from {{ ref('int_incident_starts') }} where started_week_on is not null),

artifacts as (select record_id, {{ alike('name') }} as value from ({{ due('context_artifacts') }}) as written where role = 'cause'),

services as (
    select record_id, {{ alike('name') }} as value
    from (select record_id, {{ each_item(names('scope_services')) }} as name from ({{ due('records') }}) as written) as named
),

written as (
    {%- for facet, section in [('root_cause', 'root_causes'), ('factor', 'contributing_factors'), ('trigger', 'triggers')] %}
    select record_id, '{{ facet }}' as facet, code as value from ({{ due(section) }}) as {{ section }}
    union all
    {%- endfor %}
    select record_id, 'artifact', value from artifacts
    union all
    select record_id, 'service', value from services
    union all
    select record_id, 'team', {{ alike('owner_team') }} from ({{ due('root_causes') }}) as owned
    union all
    select record_id, 'project', project from incidents
),

said as (
    select distinct written.record_id, facet, value
    from written
    inner join incidents on written.record_id = incidents.record_id
    where value <> ''
),

-- who names more than twenty services points at none of them, and a thousand of each would make a billion combinations
facets as (
    select record_id, facet, value
    from (select *, count(*) over (partition by record_id, facet) as n_values from said) as counted
    where n_values <= 20 or facet in ('team', 'project')
),

-- the day, the category and all that is named: a digest, since only whether two are equal matters
events as (
    select
        facets.record_id, 'event' as facet,
        md5(concat_ws('; ', any_value({{ utc_day("starts.started_at") }}), any_value(incidents.category),
            {{ joined(sorted_set("facets.facet || ' ' || facets.value")) }})) as value
    from facets
    inner join starts on facets.record_id = starts.record_id
    inner join incidents on facets.record_id = incidents.record_id
    where facets.facet not in ('team', 'project')
    group by facets.record_id
)

select * from facets
union all
select * from events
