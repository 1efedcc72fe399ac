-- title: Fault lines
-- question: Which combinations recur in more incidents than chance would give, do they rise, and what came after the last action against each?
-- q_window: Benjamini-Hochberg over all lines; trend is of the 13 weeks up to the last full one
select
    lines.line_id, names.name, names.owner_team,
    lines.root_cause, lines.factor, lines.trigger, lines.artifact, lines.service, lines.category,
    lines.teams, lines.projects, judged.week, judged.incidents as incidents_13_weeks, lines.incidents,
    lines.expected, lines.ratio, lines.ratio_low, lines.ratio_high, judged.q_window,
    case
        when judged.q_window is null then 'too early to judge'
        when judged.q_window <= 0.10 then 'rising'
        when judged.q_window <= 0.30 then 'watch'
        else 'no clear change'
    end as trend,
    lines.minutes, lines.of_minutes, lines.largest_share,
    strftime(fixed.implemented_on, '%Y-%m-%d') as implemented_on, fixed.incidents_after,
    round(fixed.incidents_before / nullif(fixed.days_before, 0) * greatest(fixed.days_after - fixed.days_unfiled, 0), 4)
        as expected_after,
    fixed.verdict, strftime(fixed.cannot_tell_until, '%Y-%m-%d') as cannot_tell_until
from analysis.fault_lines as lines
left join analysis.fault_line_names as names on names.line_id = lines.line_id
left join analysis.baselines as judged
    on judged.kind = 'fault_line' and judged.series = lines.line_id and judged.window_weeks = 13
left join analysis.prevention as fixed on fixed.unit = 'fault_line' and fixed.line_id = lines.line_id
order by lines.rank
