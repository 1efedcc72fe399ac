-- One row per record and hypothesis, and one at position 0 for "none of these": ln of how likely it was held before the
-- evidence. The priors of a record, "none of these" among them, add up to 1; a record without a hypothesis has no row.
{{ config(materialized='ephemeral') }}

with hypotheses as ({{ due('analysis_hypotheses') }}),

-- In millionths, because sums of whole numbers are the same in any order. A stated 0 would make all evidence idle, so less
-- than a thousandth counts as one: finer nobody holds a belief (set by hand, 2026-11-25).
stated as (
    select
        record_id, position, id as hypothesis_id,
        case when prior is not null then greatest(cast(round(prior * 1000000) as bigint), 1000) end as prior
    from hypotheses
),

-- What the stated ones leave is shared by those not stated and "none of these"; where little or nothing is left, because
-- they add up to 1 or more, each still gets .05: nobody has said that it cannot be.
shares as (
    select
        record_id, n_unstated, stated,
        greatest((1000000 - stated) / n_unstated, cast(50000 as double)) as share
    from (
        select
            record_id, count(*) - count(prior) + 1 as n_unstated, cast(coalesce(sum(prior), 0) as bigint) as stated
        from stated
        group by record_id
    ) as sums
),

all_of_them as (
    select record_id, position, hypothesis_id, prior from stated
    union all
    select record_id, 0, null, null from shares
)

select
    all_of_them.record_id,
    all_of_them.position,
    all_of_them.hypothesis_id,
    ln(coalesce(all_of_them.prior, shares.share) / (shares.stated + shares.n_unstated * shares.share)) as log_prior
from all_of_them
inner join shares on all_of_them.record_id = shares.record_id
