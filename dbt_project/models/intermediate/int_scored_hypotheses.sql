-- One row per record and hypothesis, "none of these" at position 0: prior and evidence added up. Evidence is as likely under
-- "none of these" as not: it has no weight, and others rise above it or fall below.
{{ config(materialized='ephemeral') }}

with priors as (select * from {{ ref('int_hypothesis_priors') }}),

weights as (
    select record_id, hypothesis_id, cast(sum(weight) as bigint) as weight, count(*) as n_sources
    from {{ ref('int_source_weights') }}
    group by record_id, hypothesis_id
)

select
    priors.record_id,
    priors.position,
    priors.hypothesis_id,
    priors.log_prior,
    coalesce(weights.weight, 0) as weight,
    {{ score('priors.log_prior', 'coalesce(weights.weight, 0)') }} as score,
    coalesce(weights.n_sources, 0) as n_sources
from priors
left join weights on priors.record_id = weights.record_id and priors.hypothesis_id = weights.hypothesis_id
