-- One row per record, hypothesis and independent source: what the source says of it, in millionths of millionths of ln 3.
-- Pieces of one source repeat each other, so its cells are averaged and not added: a copy changes nothing.
{{ config(materialized='ephemeral') }}

with cells as ({{ due('analysis_matrix') }}),

-- 9, 3, 1, 1/3, 1/9 as whole powers of 3, clipped there
words as (
    select word, greatest(least(cast(round(ln(ratio) / ln(3)) as bigint), 2), -2) as power_of_3
    from {{ source('raw', 'words') }}
    where vocabulary = 'consistencies'
),

-- without a credibility the word is taken as it stands; a cell on several sources speaks for each
spoken as (
    select
        cells.record_id, cells.hypothesis as hypothesis_id, sources.source_group as source,
        words.power_of_3 * cast(round(coalesce(cells.credibility, 1) * 1000000) as bigint) as millionths
    from cells
    inner join {{ ref('int_cell_sources') }} as sources
        on cells.record_id = sources.record_id and cells.position = sources.position
    inner join words on cells.consistency = words.word
)

select
    record_id,
    hypothesis_id,
    source,
    cast(round(cast(sum(millionths) as bigint) / count(*) * 1000000) as bigint) as weight
from spoken
group by record_id, hypothesis_id, source
