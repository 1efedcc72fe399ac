-- What is set aside now, and how is each fault mended?
-- One row per fault, in files as they were last read; a mended, ignored or removed file is gone from this list.
with last_reading as (
    select source, path, max(generation) as generation, arg_max(kind, generation) as kind
    from raw.files
    group by source, path
)

select
    faults.source,
    faults.path,
    faults.line,
    faults."column",
    faults.field,
    faults.code,
    faults.message,
    faults.fix
from raw.quarantine as faults
join last_reading using (source, path, generation)
where last_reading.kind = 'read'
order by all
