"""Every sentence the page can say. Each states counts, none states a cause; a test holds both.

Belongs here: wording. Does not belong here: deciding which sentence is true (changes, work, durations, trust).
"""

TEMPLATES = {
    # verdict
    "signal": "{category} left its routine range in the {window}: {count} against a routine {routine}.",
    "no_signal": "No category left its routine range in the week of {day}: {count} in that week.",
    "no_signal_so_far": "No category left its routine range in the week of {day}: {count} so far, more may be filed.",
    "no_signal_in": "No signal in {names}.",
    "too_early": "Too early to judge {names}: {weeks} of the {needed} full weeks of history needed.",
    "nothing_recorded_in": "Nothing recorded as {names}.",
    "nothing_recorded": "No data: no incident is recorded up to this week.",
    "nothing_to_judge": "No data to judge yet: no full week has passed since the first incident recorded.",
    "not_begun": "No data: this week had not begun.",
    "not_full": "Week {number} is not full: week {judged}, the last full one, is judged.",
    # what changed
    "card_signal": "Signal: {n} in the {window}, routine {routine}",
    "card_quiet": "No signal: {n} in the week of {day}, routine {routine}",
    "card_early": "Too early to judge: {weeks} of {needed} full weeks of history",
    "card_settled": "Routine to {day}: {n} in that week, range {routine}",
    "card_after_signal": "No new signal since {day}: {n} in that week, routine {routine}",
    "card_open": "No signal: {n} so far in the week of {day}, routine {routine}",
    "card_nothing": "No data: nothing recorded",
    "so_far": "Week {number} so far: {n}",
    "so_far_likely": "Week {number}: {n} so far, likely {low}–{high}",
    "rate": "{rate} a week, 95 % interval {low}–{high}, from {weeks} weeks before",
    "bars": "{category}: incidents per week over {weeks} to the week of {day}. {values}.",
    "no_changes": "No data: no week up to this one holds an incident or a near miss.",
    "changes_note": "Routine range: where 95 % of weeks would fall, given up to 52 full weeks before. A signal takes "
    "more: a false-discovery rate of at most 10 % over all categories and windows. Only rises are judged.",
    "changes_open": "Dashed and +: still being filed; the upright line spans what is likely in the end (80 % or more).",
    # fault lines
    "lines": "{lines} {verb} in more incidents than chance gives, of {looks} looked at: associations, no more.",
    "lines_to": "Trends are of the 13 weeks to {day}.",
    "no_lines": "No combination recurs more often than chance gives; {looks} looked at.",
    "nothing_shared": "No combination of codes, artifacts and services is in three incidents yet: nothing to look at.",
    "more_lines": "{n} more in {query}.",
    "chance": "{low}–{high}; {expected} expected",
    "largest": "largest {share}",
    "no_impact": "no times known",
    "no_fix": "no action in effect",
    "until": "{verdict} until {day}",
    "seen": "{n} seen, {expected} expected, since {since}",
    "names_lost": "Named in the file of fault lines and no line now: {names}.",
    "names_more": "{n} more in Q24",
    # causes, actions, fixes
    "causes": "As named in the records of {count} that began in the 52 weeks to {day}; an incident can name several.",
    "no_incident": "No data: no incident is recorded.",
    "no_causes": "No incident known names a trigger, root cause or contributing factor.",
    "more": "{n} more in {query}.",
    "actions": "{count} accepted and open, {late} late, as known on {day}. By team, never by person.",
    "no_actions": "No action is known to be accepted and open.",
    "no_action_known": "No data: no action is recorded.",
    "actions_bar": "{team}: {late_over_30} late by more than 30 days, {late} late, {on_time} on time, {no_due_date} "
    "without a due date.",
    "other_teams": "{count}",
    "no_fixes": "No data: no implemented action is recorded, so there is no fix to check.",
    "fixes": "{count} implemented: {held} held, {failed} did not, {open} not known yet.",
    "counted": "{count} with a coded scope: incidents in it before and after, those that prompted the action left out.",
    "nothing_counted": "No data: no action says by code what it is to prevent.",
    "next_verdict": "Next verdict possible: {day}, if no incident comes.",
    "closure": "Of {count} not in effect when filed, half are {days} later (95 % {span}; {at_risk} still watched).",
    "closure_open": "Of {count} not in effect when filed, fewer than half are {days} later.",
    "ahead": "{count} due in the 14 days to {day}, first on {first} ({teams}).",
    "no_ahead": "No open action falls due in the 14 days to {day}.",
    # decisions
    "decision_fix": "Mend or replace “{title}” ({action} of {record}): its check found that it did not hold",
    "decision_fixes": "Mend or replace {count} whose checks found that they did not hold",
    "decision_late": "Finish, re-date or reject {count} late by more than 30 days",
    "way_out": "or accept the risk in writing",
    "since": "oldest due {day}",
    "no_decisions": "Nothing calls for a decision: no action is late by more than 30 days, no checked fix failed.",
    "decisions_note": "Draft, by rule from {query}; not yet signed by a role.",
    "more_decisions": "{n} more in {query}.",
    # durations
    "durations": "Of {count} that began in the 52 weeks to {day}, measured from the start of the impact. What "
    "authors state and what their times give are kept apart; p90, the 90th percentile, from 10 values on.",
    "no_recent": "No data: no incident recorded began in the 52 weeks to {day}.",
    "no_durations": "None of the incidents that began in the 52 weeks to {day} gives a time to mitigate or to resolve.",
    "duration_ticks": "{name}: {count}, from {least} to {most}, median {p50}, 90th percentile {p90}; logarithmic axis.",
    # trust
    "category_share": "Categorised: {n} of {count}.",
    "newest": "The newest incident known began on {day}.",
    "filed": "By the Monday after a week {share} of its incidents are filed, learnt from {count}.",
    "ranges_held": "Likely ranges held {held} of {ranges} times in past weeks; at least 80 % should.",
    "completeness": "{answered} of {asked} fields asked for are answered; {stated} more say unknown, not applicable or "
    "withheld.",
    "least_complete": "Least answered: {sections}.",
    "quarantine": "Something set aside in {files} of {count}.",
    "no_quarantine": "Nothing of the {count} received was set aside.",
    "no_files": "No file has been received.",
    "findings": "{count} of the rules, in {records} of {all} known.",
    "no_findings": "No rule is broken by any record known.",
    "faulty": "Times out of order in {count}: kept, the durations set aside.",
    "synthetic_all": "Synthetic, that is invented to show how the page works: {n} of {count} behind this page.",
    "synthetic_some": "Synthetic, that is invented, not what happened: {n} of {count} behind this page.",
    # what the page cannot say
    "cannot_category": "Without a category: {n} of {count}, counted as not categorised.",
    "cannot_start": "Without a day of start: {n} of {count}, counted in no week.",
    "cannot_severity": "Without a severity: {n} of {count}; large and small count alike.",
    "cannot_no_severity": "No incident carries a severity: large and small count alike.",
    "cannot_phase": "No record states a time to {phase}, or the times to compute one.",
    "cannot_phase_part": "Time to {phase} is known for {n} of {count}.",
    "cannot_root_cause": "Without a root cause: {n} of {count}.",
    "cannot_no_root_cause": "No incident names a root cause.",
    "cannot_status": "Without a status or a day of implementation: {n} of {count}; open or done is not known.",
    "cannot_team": "Without a team: {n} of {count}.",
    "cannot_due_date": "Without a due date: {n} of {count}, never late.",
    "cannot_success_metric": "Without a measure of success: {n} of {count}.",
    "cannot_unverified": "Implemented and never checked: {n} of {count}; whether they held is not known.",
    "cannot_imported": "Imported: {n} of {count}; their template never asked much of what is asked here.",
    "cannot_late_filing": "Incidents filed late enter past weeks: the newest can still grow, by how much is not known.",
    "cannot_exposure": "Counts are not divided by traffic, services or deployments.",
    "cannot_why": "The page counts what records name. It does not say why a count moved.",
}


def say(name: str, /, **values) -> str:
    """One sentence of the list; a value it lacks is a KeyError, never a hole in the page."""
    return TEMPLATES[name].format(**values)
