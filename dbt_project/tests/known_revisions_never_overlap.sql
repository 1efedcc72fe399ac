-- At any time at most one revision of a record is known, and it is known for some time.
with spans as (
    select *, lead(known_from) over (partition by record_id order by known_from, known_to) as next_from
    from {{ ref('int_known_revisions') }}
    where {{ is_due() }}
)

select record_id, known_from, known_to
from spans
where known_to <= known_from or known_to > next_from or (known_to is null and next_from is not null)
