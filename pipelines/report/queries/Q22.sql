-- title: What followed actions
-- question: Did the incidents in the scope of each action become fewer after it, as known on T, and when can more be told?
select
    verdict, count(*) as actions,
    strftime(min(cannot_tell_until) filter (cannot_tell_until > $as_of_on), '%Y-%m-%d') as next_on
from analysis.prevention
where unit = 'action'
group by verdict
order by verdict
