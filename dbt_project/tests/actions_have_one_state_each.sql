-- One row per key; lateness only of open actions, a result only of implemented ones, words from the list.
select record_id, position
from {{ ref('actions') }}
group by record_id, position
having count(*) <> 1
    or count(*) filter (
        where coalesce(is_open, false) <> (lateness in ('late_over_30', 'late', 'on_time', 'no_due_date'))
    ) > 0
    or count(*) filter (where (days_late > 0) <> (lateness in ('late_over_30', 'late'))) > 0
    or count(*) filter (where lateness is null or verification is null) > 0
