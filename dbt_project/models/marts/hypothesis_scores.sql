-- One row per record and hypothesis, and one at position 0 for "none of these": what priors and evidence together say for it.
{{ config(materialized='by_record') }}

with scored as (select * from {{ ref('int_scored_hypotheses') }}),

flips as (select * from {{ ref('int_hypothesis_flips') }}),

cells as ({{ due('analysis_matrix') }}),

on_sources as (select distinct record_id, position from {{ ref('int_cell_sources') }}),

without_source as (
    select cells.record_id, cells.hypothesis as hypothesis_id, count(*) as n_cells
    from cells
    left join on_sources on cells.record_id = on_sources.record_id and cells.position = on_sources.position
    where on_sources.position is null
    group by cells.record_id, cells.hypothesis
)

select
    scored.record_id,
    scored.position,
    scored.hypothesis_id,
    round(scored.log_prior, 9) as log_prior,
    round({{ evidence_score('scored.weight') }}, 9) as evidence_score,
    scored.score,
    -- where no source speaks there is nothing to rank by
    case
        when sum(scored.n_sources) over (partition by scored.record_id) > 0
            then rank() over (partition by scored.record_id order by scored.score desc)
    end as place,
    scored.n_sources,
    coalesce(without_source.n_cells, 0) as n_cells_without_source,
    coalesce(flips.sources, {{ no_names() }}) as flipped_by,
    'hypotheses-1' as method
from scored
left join without_source
    on scored.record_id = without_source.record_id and scored.hypothesis_id = without_source.hypothesis_id
left join flips on scored.record_id = flips.record_id and scored.position = flips.position
