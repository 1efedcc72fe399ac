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

named as (select *, {{ alike('service') }} as service_key from mentions where trim(service) <> ''),

counted as (select record_id from {{ ref('int_current_records') }} where is_counted),

spelled as (
    select
        service_key, service,
        row_number() over (partition by service_key order by count(*) desc, service) as place
    from named
    group by service_key, service
)

select
    max(case when spelled.place = 1 then named.service end) as service,
    named.service_key,
    {{ sorted_set('named.service') }} as spellings,
    count(distinct named.service) as n_spellings,
    count(distinct named.record_id) as n_records,
    count(distinct counted.record_id) filter (where named.place = 'scope') as n_incidents,
    count(distinct named.record_id) filter (where named.place = 'scope') as n_affected,
    count(*) filter (where named.place = 'action') as n_actions,
    count(*) filter (where named.place = 'artifact') as n_artifacts
from named
inner join spelled on named.service_key = spelled.service_key and named.service = spelled.service
left join counted on named.record_id = counted.record_id
group by named.service_key
