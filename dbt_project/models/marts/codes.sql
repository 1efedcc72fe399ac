-- One row per code of a cause, those no record uses among them: its meaning, and how often it was used as what.

with words as (select * from {{ source('raw', 'words') }} where vocabulary = 'cause_codes'),

uses as (
    select record_id, 'root_cause' as kind, code from ({{ known('root_causes') }}) as root_causes
    union all
    select record_id, 'contributing_factor', code from ({{ known('contributing_factors') }}) as factors
    union all
    select record_id, 'trigger', code from ({{ known('triggers') }}) as triggers
    union all
    select record_id, 'known_trigger', code from ({{ known('known_triggers') }}) as known_triggers
),

counted as (
    select
        code,
        {%- for kind in ['root_cause', 'contributing_factor', 'trigger', 'known_trigger'] %}
        count(*) filter (where kind = '{{ kind }}') as n_{{ kind }}s,
        {%- endfor %}
        count(distinct record_id) as n_records
    from uses
    where code is not null
    group by code
)

select
    coalesce(words.word, counted.code) as code,
    words.position,
    words.layer,
    words.category,
    words.definition,
    {%- for kind in ['root_cause', 'contributing_factor', 'trigger', 'known_trigger'] %}
    coalesce(counted.n_{{ kind }}s, 0) as n_{{ kind }}s,
    {%- endfor %}
    coalesce(counted.n_records, 0) as n_records
from words
full outer join counted on words.word = counted.code
