-- Which fields do records lack of those their own stage asks for, or the next, most often missing first?
-- One row per field that a record lacks or answers with unknown, not_applicable or withheld, or per team, category or stage: records that are asked, and what became of each field asked of each record. A team's records are those it took part in or owns a cause of, so one record may count for several.
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

states as (
    select record_id, revision_id, list_sort(list(distinct field || '=' || state)) as said
    from raw.field_states
    group by record_id, revision_id
),

-- Records of one kind that hold the same fields and state words are answered for once.
records as (
    select
        record_id, incidents.stage, category, domain, stages.rank, coalesce(field_ids, []) as present,
        coalesce(said, []) as stated,
        hash(incidents.stage, category, domain, present, stated) as profile_id
    from marts.incidents as incidents
    join stages using (stage)
    left join raw.presence using (record_id, revision_id)
    left join states using (record_id, revision_id)
    cross join asked
    where only_stage in ('all', incidents.stage) and only_category in ('all', category)
        and (only_team = '' or record_id in (select record_id from teams where team = only_team))
),

profiles as (
    select distinct profile_id, stage, category, domain, rank, present, stated from records
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

-- 0 is a value, whatever is said beside it.
written as (
    select profile_id, leaves.field, 0 as answer
    from (select profile_id, unnest(present) as field_id from profiles) as held
    join leaves using (field_id)
    union all
    select
        profile_id, leaves.field,
        case split_part(word, '=', 2) when 'unknown' then 1 when 'not_applicable' then 2 else 3 end as answer
    from (select profile_id, unnest(stated) as word from profiles) as held
    join leaves on leaves.leaf = split_part(word, '=', 1)
),

there as (
    select profile_id, field, min(answer) as answer from written group by profile_id, field
),

answers as (
    select distinct profiles.profile_id, profiles.stage, profiles.category, fields.field, coalesce(there.answer, 4) as answer
    from profiles
    join fields
        on fields.rank <= profiles.rank + 1
            and (fields.category is null or fields.category = profiles.category)
            and (fields.domain is null or fields.domain = profiles.domain)
    left join there on there.profile_id = profiles.profile_id and there.field = fields.field
    left join there as entries on entries.profile_id = profiles.profile_id and entries.field = fields.entry
    where fields.entry is null or entries.field is not null
),

grouped_teams as (
    select record_id, team from teams, asked where grouped_by = 'team' and only_team in ('', team)
),

members as (
    select profile_id, team, count(*) as records
    from records
    left join grouped_teams using (record_id)
    group by profile_id, team
),

named as (
    select
        case grouped_by
            when 'team' then coalesce(team, 'no team named')
            when 'category' then coalesce(category, 'not stated')
            when 'stage' then stage
            else field
        end as name,
        field, answer, records, row_number() over (partition by name, profile_id, team order by field) = 1 as is_first
    from answers
    join members using (profile_id)
    cross join asked
),

counts as (
    select
        name, sum(records) filter (is_first)::bigint as records, sum(records)::bigint as asked,
        coalesce(sum(records) filter (answer = 0), 0)::bigint as answered,
        coalesce(sum(records) filter (answer = 1), 0)::bigint as unknown,
        coalesce(sum(records) filter (answer = 2), 0)::bigint as not_applicable,
        coalesce(sum(records) filter (answer = 3), 0)::bigint as withheld,
        coalesce(sum(records) filter (answer = 4), 0)::bigint as absent
    from named
    group by name
),

most_absent as (
    select name, first(field order by times desc, field) as field
    from (select name, field, sum(records) as times from named where answer = 4 group by name, field) as absent
    group by name
)

select
    name, records, counts.asked, answered, unknown, not_applicable, withheld, absent,
    round(absent / counts.asked, 3) as share_absent,
    round(analysis.share_low(absent, counts.asked, z), 3) as share_low,
    round(analysis.share_high(absent, counts.asked, z), 3) as share_high, most_absent.field as most_absent
from counts
left join most_absent using (name)
cross join asked as parameters
where grouped_by <> 'field' or answered < counts.asked  -- a field that nobody lacks is no gap
order by share_absent desc, absent desc, name
