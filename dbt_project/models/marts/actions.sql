-- One row per record and action: what was promised, whether it is late on T, and whether it was shown to hold.

with records as (select record_id, revision_id from {{ ref('int_current_records') }}),

as_of as (select * from {{ ref('int_as_of') }}),

written as (select * from {{ ref('stg_actions') }}),

actions as (
    select
        written.*,
        as_of.as_of_on,
        case
            when status in ('accepted', 'in_progress') then 'open'
            when status in ('done', 'superseded') then 'closed'
            when status in ('proposed', 'rejected') then 'not_accepted'
            when implemented_on is not null then 'closed'
            else 'not_stated'
        end as standing,
        coalesce(status = 'done', implemented_on is not null) as is_implemented
    from records
    inner join written on records.record_id = written.record_id and records.revision_id = written.revision_id
    cross join as_of
),

verified as (
    select
        record_id, revision_id, parent_position as position, result,
        {{ adapter.quote('on') }} as verified_on,
        row_number() over (
            partition by record_id, revision_id, parent_position
            order by {{ adapter.quote('on') }} desc nulls last, position desc
        ) as place
    from {{ ref('stg_actions_verifications') }}
    where result is not null
),

checkpoints as (
    select record_id, revision_id, position, min(verify_on) as first_verify_on
    from (
        select record_id, revision_id, position, try_cast({{ each_item('verify_on') }} as date) as verify_on
        from actions
    ) as days
    group by record_id, revision_id, position
)

select
    actions.record_id,
    actions.position,
    actions.id as action_id,
    actions.title,
    actions.kind,
    actions.measure,
    actions.status,
    actions.owner_team,
    actions.due_on,
    actions.implemented_on,
    case when is_implemented and implemented_on <= as_of_on then implemented_on end as in_force_on,
    case when standing <> 'not_stated' then standing = 'open' end as is_open,
    case when standing = 'open' then {{ days_between('due_on', 'as_of_on') }} end as days_late,
    case
        when standing <> 'open' then standing
        when due_on is null then 'no_due_date'
        when {{ days_between('due_on', 'as_of_on') }} > 30 then 'late_over_30'
        when {{ days_between('due_on', 'as_of_on') }} > 0 then 'late'
        else 'on_time'
    end as lateness,
    case
        when not is_implemented and standing = 'not_stated' then 'not_stated'
        when not is_implemented then 'not_implemented'
        when verified.result is not null then verified.result
        when first_verify_on > as_of_on then 'not_due'
        else 'unverified'
    end as verification,
    actions.success_metric,
    cast(actions.success_target as varchar) as success_target,
    actions.prevents
from actions
left join verified
    on actions.record_id = verified.record_id and actions.revision_id = verified.revision_id
    and actions.position = verified.position and verified.place = 1
left join checkpoints
    on actions.record_id = checkpoints.record_id and actions.revision_id = checkpoints.revision_id
    and actions.position = checkpoints.position
