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

-- the largest of a source's rows, and which rows reach it
compared as (
    select
        record_id, position, source,
        score = max(score) over one_source as is_first,
        score_without = max(score_without) over one_source as is_first_without
    from left_out
    window one_source as (partition by record_id, source)
)

select
    record_id,
    position,
    {{ sorted_set('source') }} as sources
from compared
where is_first <> is_first_without
group by record_id, position
