-- title: How soon incidents are filed
-- question: Which share of a week's incidents is filed by each Monday after it, and how often did likely ranges made then hold?
select
    shares.age_days // 7 as age_weeks, shares.filed_share, shares.of_delays,
    coalesce(checks.ranges, 0) as ranges, coalesce(checks.held, 0) as held
from analysis.filed_shares as shares
left join analysis.nowcast_checks as checks on checks.age_weeks = shares.age_days // 7
where shares.age_days > 0 and shares.age_days % 7 = 0
order by age_weeks
