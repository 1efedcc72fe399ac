-- title: What was set aside whole
-- question: Which newest versions of files, as received by T, hold something that could not be accepted, and why?
with newest as (
    select source, path, sha256, kind from raw.files
    where received_at <= $as_of
    qualify row_number() over (partition by source, path order by received_at desc, generation desc) = 1
)

select
    faults.code,
    count(distinct (faults.source, faults.path)) as files,
    count(distinct (faults.source, faults.path, faults.line, faults.field)) as faults,
    min(faults.fix) as fix
from raw.quarantine as faults
join newest
    on newest.source = faults.source and newest.path = faults.path and newest.sha256 = faults.file_sha256
where faults.received_at <= $as_of and newest.kind <> 'removed'
group by faults.code
order by files desc, faults.code
