-- title: How long actions stay open
-- question: After how many days is half of the actions put into effect (Kaplan–Meier), and how many are still watched then?
select
    max(at_risk) as actions, sum(events)::bigint as implemented, max(days) as longest_days,
    min(days) filter (survival <= 0.5) as p50_days,
    max(at_risk) filter (survival <= 0.5) as at_risk_at_p50,
    min(days) filter (survival_low <= 0.5) as p50_low_days,
    min(days) filter (survival_high <= 0.5) as p50_high_days
from analysis.survival
where curve = 'action_closure'
