-- One row per key, and the answers add up to what was asked.
select record_id, section
from {{ ref('completeness') }}
where {{ is_due() }}
group by record_id, section
having count(*) <> 1
    or sum(answered + stated_unknown + stated_not_applicable + stated_withheld + missing) <> sum(asked)
