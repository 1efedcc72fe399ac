-- title: Sources
-- question: What did each source give, as known on T?
with newest as (
    select source, path, kind, received_at, coalesce(quarantined, 0) as quarantined from raw.files
    where received_at <= $as_of
    qualify row_number() over (partition by source, path order by received_at desc, generation desc) = 1
),

files as (
    select
        source,
        count(*) filter (kind = 'read') as files,
        count(*) filter (kind = 'ignored') as ignored,
        count(*) filter (kind = 'read' and quarantined > 0) as quarantined_files,
        max(received_at) as received_at
    from newest
    group by source
),

records as (
    select source, count(*) as records, count(*) filter (is_counted) as incidents, max(known_at) as known_at
    from marts.incidents
    group by source
)

select
    coalesce(files.source, records.source) as source,
    coalesce(files, 0) as files, coalesce(ignored, 0) as ignored,
    coalesce(quarantined_files, 0) as quarantined_files,
    coalesce(records, 0) as records, coalesce(incidents, 0) as incidents,
    strftime(make_timestamp(epoch_us(received_at)), '%Y-%m-%dT%H:%M:%SZ') as last_received,
    strftime(make_timestamp(epoch_us(known_at)), '%Y-%m-%dT%H:%M:%SZ') as last_known
from files
full join records on records.source = files.source
order by records desc, 1
