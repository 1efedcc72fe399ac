-- One row per record and follow-up: what is to be looked at again, when, and whether that is overdue on T.

with written as ({{ known('follow_ups') }}),

as_of as (select * from {{ ref('int_as_of') }}),

follow_ups as (select *, nullif(trim(result), '') as answer from written)

select
    record_id,
    position,
    {{ adapter.quote('on') }},
    what,
    answer as result,
    answer is not null as is_done,
    answer is null and coalesce({{ adapter.quote('on') }} < as_of_on, false) as is_overdue,
    case when answer is null then {{ days_between(adapter.quote('on'), 'as_of_on') }} end as days_overdue,
    target_kind,
    target_url
from follow_ups
cross join as_of
