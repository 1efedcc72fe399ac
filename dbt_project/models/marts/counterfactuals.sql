-- One row per record and counterfactual: a control, whether it existed, and what it would have done.
{{ config(materialized='by_record') }}

with counterfactuals as ({{ due('analysis_counterfactuals') }})

select
    record_id,
    position,
    id as counterfactual_id,
    control,
    existed,
    would_have,
    cause as cause_id,
    needs
from counterfactuals
