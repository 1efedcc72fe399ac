-- One row per key; no length below zero, none from an end without a clock time, none where it was set aside.
select record_id, phase, basis
from {{ ref('incident_phases') }}
where {{ is_due() }}
group by record_id, phase, basis
having count(*) <> 1
    or count(*) filter (where minutes < 0 or (minutes is not null and set_aside_by is not null)) > 0
    or count(*) filter (where basis = 'stated' and coalesce(from_field, to_field, precision, set_aside_by) is not null) > 0
    or count(*) filter (
        where basis = 'computed' and (stated_text is not null or from_field is null or to_field is null)
    ) > 0
    or count(*) filter (
        where basis = 'computed' and minutes is not null and coalesce(precision, '') not in ('minute', 'second')
    ) > 0
