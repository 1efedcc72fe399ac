-- title: Records the page is made from
-- question: Which revision of each record is known on T? (its hash is the snapshot)
select distinct
    incidents.record_id, revisions.content_hash
from marts.incidents as incidents
join raw.revisions as revisions
    on revisions.record_id = incidents.record_id and revisions.revision_id = incidents.revision_id
order by incidents.record_id, revisions.content_hash
