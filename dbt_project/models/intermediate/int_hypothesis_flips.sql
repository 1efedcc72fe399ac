-- One row per record and hypothesis, "none of these" at position 0, that would lose the first place or come to it if one
-- source were left out: with those sources.
{{ config(materialized='ephemeral') }}

with scored as (select * from {{ ref('int_scored_hypotheses') }}),

weights as (select * from {{ ref('int_source_weights') }}),

sources as (select distinct record_id, source from weights),

left_out as (
    select
        scored.record_id, scored.position, sources.source, scored.score,
        {{ score('scored.log_prior', 'scored.weight - coalesce(weights.weight, 0)') }} as score_without
    from scored
    inner join sources on scored.record_id = sources.record_id
    left join weights
        on scored.record_id = weights.record_id and scored.hypothesis_id = weights.hypothesis_id
        and sources.source = weights.source
),

-- a join and no window, which would sort them: half the time (2026-11-25)
firsts as (
    select record_id, source, max(score) as score, max(score_without) as score_without
    from left_out
    group by record_id, source
)

select
    left_out.record_id,
    left_out.position,
    {{ sorted_set('left_out.source') }} as sources
from left_out
inner join firsts on left_out.record_id = firsts.record_id and left_out.source = firsts.source
where (left_out.score = firsts.score) <> (left_out.score_without = firsts.score_without)
group by left_out.record_id, left_out.position
