-- Which signals, replayed over their own history, fire before the impact they are to warn of, and with how much lead?
-- One row per replay that a record claims as evidence. It is read here, not replayed; the claim can be run again.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        0 as least_lead_minutes  -- from the first firing to the impact; a negative number shows those that fire late
),

-- A replay is evidence with a query over the very file that a signal of the record names as its history.
replays as (
    select
        signals.record_id, signals.signal_id, signals.metric, signals.detector, signals.history, signals.on_trigger,
        evidence.evidence_id,
        -- DuckDB reads no time without seconds where a zone follows
        try_cast(regexp_replace(evidence.expected_value, '(T\d\d:\d\d)(Z|[+-])', '\1:00\2') as timestamptz) as fires_at
    from marts.signals as signals
    join marts.incidents as incidents using (record_id)
    join raw.evidence_data as data
        on data.record_id = signals.record_id and data.revision_id = incidents.revision_id and data.path = signals.history
    join marts.evidence as evidence
        on evidence.record_id = signals.record_id and evidence.position = data.parent_position and evidence.is_rerunnable
),

timed as (
    select
        replays.*, incidents.category, incidents.started_at, date_diff('minute', fires_at, started_at) as lead_minutes,
        count(*) over () as of_replays
    from replays
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and incidents.started_at_basis = 'impact_started_at'
        and incidents.started_at_precision in ('minute', 'second')
        and timezone('UTC', started_at)::date >= first_day
)

select
    record_id, signal_id, category, metric, detector, evidence_id, history,
    timezone('UTC', fires_at) as fires_at_utc, timezone('UTC', started_at) as impact_started_at_utc, lead_minutes, of_replays
from timed
cross join asked
where lead_minutes > least_lead_minutes
order by record_id, signal_id, evidence_id
