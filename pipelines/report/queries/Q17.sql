-- title: Records the page is made from
-- question: Which revision of each record is known on T? (their number, and one hash over them: the snapshot's)
with
known as (
    select distinct incidents.record_id || chr(9) || revisions.content_hash as line
    from marts.incidents as incidents
    join raw.revisions as revisions
        on revisions.record_id = incidents.record_id and revisions.revision_id = incidents.revision_id
)

select
    count(*) as records,
    sha256(coalesce(string_agg(line, chr(10) order by line), '')) as content_hashes_sha256
from known
