-- What became of the files of each source, and what most often stands against its records?
-- One row per source, in files as they were last read; removed files are left out.
with last_reading as (
    select source, path, max(generation) as generation, arg_max(kind, generation) as kind
    from raw.files
    group by source, path
    having arg_max(kind, generation) <> 'removed'
),

files as (
    select
        source, count(*) as files, count(*) filter (kind = 'ignored') as ignored, cast(sum(records) as bigint) as records,
        cast(sum(quarantined) as bigint) as set_aside, cast(sum(skipped) as bigint) as skipped
    from raw.files
    join last_reading using (source, path, generation, kind)
    group by source
),

reasons as (
    select
        source, string_agg(code || ' × ' || faults, ', ' order by faults desc, code) as reasons
    from (
        select source, code, count(*) as faults
        from raw.quarantine
        join last_reading using (source, path, generation)
        group by source, code
    )
    group by source
)

select files.*, reasons.reasons
from files
left join reasons using (source)
order by source
