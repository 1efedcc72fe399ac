-- One row per record known on T, in the revision known on T: what every mart starts from.
{{ config(materialized='table') }}

with known as (select * from {{ ref('int_known_revisions') }} where known_to is null),

revisions as (select * from {{ source('raw', 'revisions') }}),

records as (select * from {{ ref('stg_records') }})

select
    records.*,
    known.source,
    known.path,
    case when known.source = revisions.source and known.path = revisions.path then revisions.line end as line,
    known.known_from as known_at,
    revisions.recorded_at,
    known.as_of,
    {{ utc_day('known.as_of') }} as as_of_on,
    coalesce(records.record_kind, 'incident') = 'incident'
        and not coalesce(records.exclude_from_metrics, false) as is_counted,
    coalesce(records.record_kind = 'near_miss', false)
        and not coalesce(records.exclude_from_metrics, false) as is_near_miss
from known
inner join revisions
    on known.record_id = revisions.record_id and known.revision_id = revisions.revision_id
inner join records
    on known.record_id = records.record_id and known.revision_id = records.revision_id
