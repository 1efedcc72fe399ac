-- title: Did fixes hold
-- question: What did the checks of implemented actions find, as known on T?
select
    verification, count(*) as actions, count(distinct record_id) as records
from marts.actions
where lateness not in ('not_accepted', 'not_stated')
group by verification
order by verification
