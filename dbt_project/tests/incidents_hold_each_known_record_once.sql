-- Every record known on T once, none else; a week exactly where a day is known that no rule sets aside.
select coalesce(known.record_id, incidents.record_id) as record_id, count(*) as found
from (select record_id from {{ ref('int_known_revisions') }} where known_to is null and {{ is_due() }}) as known
full outer join (select * from {{ ref('incidents') }} where {{ is_due() }}) as incidents
    on known.record_id = incidents.record_id
group by 1
having count(*) <> 1
    or count(known.record_id) <> 1
    or count(incidents.record_id) <> 1
    or count(*) filter (
        where (started_week is null) <> (coalesce(started_at_precision, 'year') in ('year', 'month'))
            and not (started_week is null and is_chronology_faulty)
        or (started_week is null) <> (started_week_on is null)
    ) > 0
