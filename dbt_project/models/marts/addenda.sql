-- One row per record and revision that became known after the record was first published: which parts it changed.
{{ config(materialized='by_record') }}

with addenda as (select * from {{ ref('int_addenda') }}),

-- every text of a record is long: no CTE over raw.revisions, which DuckDB would hold whole because it is read twice
sides as (
    {% for side in ['revision_id', 'previous_revision_id'] %}
    select addenda.record_id, addenda.known_from, {{ each_part('contents.record') }} as part
    from addenda
    inner join {{ source('raw', 'revisions') }} as contents
        on addenda.record_id = contents.record_id and addenda.{{ side }} = contents.revision_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a part that both have, and alike, is there twice with one content
parts as (
    select record_id, known_from, part.key as part
    from sides
    where part.key not in ('revision', 'recorded_at', 'schema_version')
    group by record_id, known_from, part.key
    having count(*) <> 2 or min(cast(part.value as varchar)) <> max(cast(part.value as varchar))
),

changed as (
    select record_id, known_from, {{ sorted_set('part') }} as changed_parts, count(*) as n_changed_parts
    from parts
    group by record_id, known_from
)

select
    addenda.record_id,
    addenda.revision_id,
    addenda.revision_number,
    addenda.known_from,
    addenda.stage,
    addenda.previous_revision_id,
    {{ days_between(utc_day('addenda.published_from'), utc_day('addenda.known_from')) }} as days_after_publication,
    coalesce(changed.changed_parts, {{ no_names() }}) as changed_parts,
    coalesce(changed.n_changed_parts, 0) as n_changed_parts
from addenda
left join changed on addenda.record_id = changed.record_id and addenda.known_from = changed.known_from
