-- One row per record, phase and basis (stated or computed) about which the record says anything.
{{ config(materialized='by_record') }}

with measures as (select * from {{ ref('int_phase_measures') }}),

faults as (select * from {{ ref('int_set_aside') }}),

judged as (
    select
        measures.*,
        case
            when measures.basis = 'stated' then null
            when faults.rule is not null then faults.rule
            when measures.minutes < 0 then 'ends_before_start'
        end as set_aside_by
    from measures
    left join faults
        on measures.record_id = faults.record_id and measures.revision_id = faults.revision_id
        and measures.phase = faults.phase
)

select
    record_id,
    phase,
    basis,
    case when set_aside_by is null then minutes end as minutes,
    stated_text,
    state,
    set_aside_by,
    from_field,
    to_field,
    precision
from judged
