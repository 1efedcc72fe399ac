-- Which fields do records lack of those their own stage asks for, or the next, most often missing first?
-- One row per field, team, category or stage: records that are asked, and what became of each field asked of each record. A team's records are those it took part in or owns a cause of, so one record may count for several.
with asked as (
    select
        'field' as grouped_by,  -- one of field, team, category, stage
        'all' as only_stage,  -- one of all, imported, draft, review, published, verified
        'all' as only_category,  -- one of all, service_degradation, data_quality_anomaly, model_performance_regression
        '' as only_team,  -- a team as records write it; nothing for all
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

stages as (
    select word as stage, position as rank from raw.words where vocabulary = 'stages'
),

teams as (
    select record_id, team from marts.participation where team is not null
    union
    select record_id, owner_team from marts.causes where owner_team is not null
),

records as (
    select record_id, revision_id, incidents.stage, category, domain, stages.rank
    from marts.incidents as incidents
    join stages using (stage)
    cross join asked
    where only_stage in ('all', incidents.stage) and only_category in ('all', category)
        and (only_team = '' or record_id in (select record_id from teams where team = only_team))
),

-- A field of a list's entries is asked where there is an entry, and answered when one of them answers.
fields as (
    select distinct
        contract.field, contract.category, contract.domain, stages.rank,
        nullif(regexp_extract(contract.field, '^(.*\[\])\.', 1), '') as entry
    from raw.contract_fields as contract
    join stages using (stage)
),

leaves as (
    select distinct leaf.field_id, leaf.field as leaf, fields.field
    from raw.fields as leaf
    join (select field from fields union select entry from fields where entry is not null) as fields
        on leaf.field = fields.field or starts_with(leaf.field, fields.field || '.')
            or starts_with(leaf.field, fields.field || '[')
),

answered as (
    select distinct record_id, leaves.field
    from (
        select record_id, unnest(field_ids) as field_id
        from raw.presence
        join records using (record_id, revision_id)
    ) as held
    join leaves using (field_id)
),

stated as (
    select record_id, leaves.field, min(case state when 'unknown' then 1 when 'not_applicable' then 2 else 3 end) as said
    from raw.field_states as states
    join records using (record_id, revision_id)
    join leaves on leaves.leaf = states.field
    group by all
),

there as (
    select record_id, field from answered
    union
    select record_id, field from stated
),

answers as (
    select distinct
        records.record_id, records.stage, records.category, fields.field,
        case
            when answered.field is not null then 'answered'
            else coalesce(['unknown', 'not_applicable', 'withheld'][stated.said], 'absent')
        end as answer
    from records
    join fields
        on fields.rank <= records.rank + 1
            and (fields.category is null or fields.category = records.category)
            and (fields.domain is null or fields.domain = records.domain)
    left join answered on answered.record_id = records.record_id and answered.field = fields.field
    left join stated on stated.record_id = records.record_id and stated.field = fields.field
    where fields.entry is null
        or exists (select 1 from there where there.record_id = records.record_id and there.field = fields.entry)
),

named as (
    select
        answers.*,
        case grouped_by
            when 'team' then coalesce(teams.team, 'no team named')
            when 'category' then coalesce(category, 'not stated')
            when 'stage' then stage
            else field
        end as name
    from answers
    cross join asked
    left join teams on grouped_by = 'team' and teams.record_id = answers.record_id
    where grouped_by <> 'team' or only_team in ('', teams.team)
),

counts as (
    select
        name, count(distinct record_id) as records, count(*) as asked,
        count(*) filter (answer = 'answered') as answered, count(*) filter (answer = 'unknown') as unknown,
        count(*) filter (answer = 'not_applicable') as not_applicable,
        count(*) filter (answer = 'withheld') as withheld, count(*) filter (answer = 'absent') as absent,
        mode(field order by field) filter (answer = 'absent') as most_absent
    from named
    group by name
)

select
    name, records, counts.asked, answered, unknown, not_applicable, withheld, absent,
    round(absent / counts.asked, 3) as share_absent,
    round(analysis.share_low(absent, counts.asked, z), 3) as share_low,
    round(analysis.share_high(absent, counts.asked, z), 3) as share_high, most_absent
from counts
cross join asked as parameters
order by share_absent desc, absent desc, name
