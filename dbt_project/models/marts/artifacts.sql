-- One row per name and kind of artifact: the versions and parts it was seen in, and in how many records.

with written as ({{ known('context_artifacts') }}),

starts as (select record_id, started_at from {{ ref('int_incident_starts') }})

select
    written.name,
    written.kind,
    {{ sorted_set('written.version') }} as versions,
    count(distinct written.version) as n_versions,
    {{ sorted_set('written.role') }} as roles,
    count(distinct written.record_id) as n_records,
    count(distinct written.record_id) filter (where written.role = 'cause') as n_as_cause,
    count(distinct written.record_id) filter (where written.role = 'affected') as n_as_affected,
    min(starts.started_at) as first_started_at,
    max(starts.started_at) as last_started_at
from written
left join starts on written.record_id = starts.record_id
where written.name is not null
group by written.name, written.kind
