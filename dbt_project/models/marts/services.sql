-- One row per service named anywhere, spellings that differ in case or white space taken together.

with records as ({{ known('records') }}),

actions as ({{ known('actions') }}),

artifacts as ({{ known('context_artifacts') }}),

mentions as (
    select record_id, 'scope' as place, {{ each_item(names('scope_services')) }} as service from records
    union all
    select record_id, 'action', {{ each_item(names('scope_services')) }} from actions
    union all
    select record_id, 'artifact', name from artifacts where kind = 'service'
),

counted as (select record_id from {{ ref('int_current_records') }} where is_counted),

{{ spelled('mentions', 'service') }},

tallies as (
    select
        spellings.service_key,
        count(distinct mentions.record_id) as n_records,
        count(distinct counted.record_id) filter (where mentions.place = 'scope') as n_incidents,
        count(distinct mentions.record_id) filter (where mentions.place = 'scope') as n_affected,
        count(*) filter (where mentions.place = 'action') as n_actions,
        count(*) filter (where mentions.place = 'artifact') as n_artifacts
    from mentions
    inner join spellings on mentions.service = spellings.service
    left join counted on mentions.record_id = counted.record_id
    group by spellings.service_key
)

select names.*, tallies.* exclude (service_key)
from names
inner join tallies on names.service_key = tallies.service_key
