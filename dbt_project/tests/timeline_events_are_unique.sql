-- One row per key; a clock time only where there is a time.
select record_id, position
from {{ ref('timeline_events') }}
where {{ is_due() }}
group by record_id, position
having count(*) <> 1 or count(*) filter (where is_timed and {{ adapter.quote('at') }} is null) > 0
