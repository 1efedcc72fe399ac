-- title: What was set aside whole
-- question: Which newest versions of files, as received by T, hold something that could not be accepted, and why?
with newest as (
    select source, path, generation, kind from raw.files
    where received_at <= $as_of
    qualify row_number() over (partition by source, path order by received_at desc, generation desc) = 1
)

select
    faults.code,
    count(distinct (source, path)) as files,
    count(distinct (source, path, faults.line, faults.field)) as faults,
    min(faults.fix) as fix
from raw.quarantine as faults
join newest using (source, path, generation)
where newest.kind = 'read'
group by faults.code
order by files desc, faults.code
