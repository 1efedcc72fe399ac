-- One row per record and hypothesis: what speaks for and against it, and whether a root cause rests on it.
{{ config(materialized='by_record') }}

with hypotheses as ({{ due('analysis_hypotheses') }}),

cells as ({{ due('analysis_matrix') }}),

tests as ({{ due('analysis_tests') }}),

statements as ({{ due('interviews_statements') }}),

root_causes as ({{ due('root_causes') }}),

weighed as (
    select
        record_id, hypothesis,
        count(*) as n_cells,
        count(*) filter (where consistency in ('for', 'strongly_for')) as n_for,
        count(*) filter (where consistency in ('against', 'strongly_against')) as n_against
    from cells
    group by record_id, hypothesis
),

-- evidence groups and interviews, counted as rule PM402 counts them
sources as (
    select cells.record_id, cells.hypothesis, 'evidence ' || sources.source_group as source
    from cells
    inner join {{ ref('int_cell_sources') }} as sources
        on cells.record_id = sources.record_id and cells.position = sources.position
    where cells.consistency in ('for', 'strongly_for')
    union all
    select record_id, {{ each_item('supports') }}, 'interview ' || cast(parent_position as varchar)
    from statements
),

supported as (
    select record_id, hypothesis, count(distinct source) as n_sources from sources group by record_id, hypothesis
),

tested as (select record_id, hypothesis, count(*) as n_tests from tests group by record_id, hypothesis),

concluded as (select distinct record_id, hypothesis from root_causes)

select
    hypotheses.record_id,
    hypotheses.position,
    hypotheses.id as hypothesis_id,
    hypotheses.statement,
    hypotheses.state,
    hypotheses.prior,
    hypotheses.confidence,
    coalesce(weighed.n_cells, 0) as n_cells,
    coalesce(weighed.n_for, 0) as n_for,
    coalesce(weighed.n_against, 0) as n_against,
    coalesce(supported.n_sources, 0) as n_supporting_sources,
    hypotheses.single_source_reason,
    coalesce(tested.n_tests, 0) as n_tests,
    concluded.record_id is not null as is_root_cause
from hypotheses
left join weighed on hypotheses.record_id = weighed.record_id and hypotheses.id = weighed.hypothesis
left join supported on hypotheses.record_id = supported.record_id and hypotheses.id = supported.hypothesis
left join tested on hypotheses.record_id = tested.record_id and hypotheses.id = tested.hypothesis
left join concluded on hypotheses.record_id = concluded.record_id and hypotheses.id = concluded.hypothesis
