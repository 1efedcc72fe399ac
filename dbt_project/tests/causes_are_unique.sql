-- One row per key, of a known kind.
select record_id, kind, position
from {{ ref('causes') }}
group by record_id, kind, position
having count(*) <> 1 or kind not in ('trigger', 'root_cause', 'contributing_factor')
