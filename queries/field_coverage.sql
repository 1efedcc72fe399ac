-- Which fields do the records of each source fill, and how many of them?
-- One row per source and field with a value in any record known now; the entries of a list count their record once.
with asked as (
    select
        0.0 as least_share  -- of the records of the source
),

records as (
    select record_id, revision_id, source, count(*) over (partition by source) as records_of_source
    from marts.incidents
),

filled as (
    select records.source, presence.field, records.records_of_source, count(*) as records
    from records
    join raw.field_values as presence using (record_id, revision_id)
    where not presence.field like '%[]'
    group by all
)

select source, field, records, records_of_source, round(records / records_of_source, 3) as share
from filled
cross join asked
where records / records_of_source >= asked.least_share
order by source, records desc, field
