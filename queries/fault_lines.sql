-- Which combinations of codes, artifacts and services recur in more incidents than chance would give, and what came of them?
-- One row per fault line within all limits, the strongest first.
with asked as (
    select
        3 as least_incidents,  -- on the line
        1 as least_teams,  -- that own its root causes
        0.05 as most_q  -- Benjamini-Hochberg over all combinations looked at; lines have at most 0.05
),

held as (
    select line_id, list_sort(list(record_id)) as record_ids from analysis.fault_line_incidents group by line_id
),

lately as (
    select series, incidents, q_window
    from analysis.baselines
    where kind = 'fault_line' and window_weeks = 13
)

select
    line_id, names.name, names.owner_team, root_cause, factor, trigger, artifact, service, found_by, category,
    lines.incidents, incidents_once, of_incidents, teams, projects,
    round(expected, 2) as expected, round(ratio, 1) as ratio, round(lines.ratio_low, 1) as ratio_low,
    round(lines.ratio_high, 1) as ratio_high, round(eb05, 1) as eb05, q_value, looks,
    lately.incidents as incidents_13_weeks, lately.q_window as q_13_weeks, first_on, last_on,
    minutes, of_minutes, largest_share, last_action_record_id, last_action_id, last_action_on, incidents_since,
    judged.verdict, judged.cannot_tell_until, record_ids
from analysis.fault_lines as lines
join held using (line_id)
left join analysis.fault_line_names as names using (line_id)
left join lately on lately.series = lines.line_id
left join analysis.prevention as judged on judged.unit = 'fault_line' and judged.line_id = lines.line_id
cross join asked
where lines.incidents >= least_incidents and teams >= least_teams and q_value <= most_q
order by rank
