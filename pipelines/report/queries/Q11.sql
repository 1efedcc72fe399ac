-- title: Completeness by section
-- question: Of the fields that each record is asked for at its stage, how many are answered?
select
    section, count(*) as records,
    sum(asked)::bigint as asked, sum(answered)::bigint as answered,
    sum(stated_unknown + stated_not_applicable + stated_withheld)::bigint as stated_without_value,
    sum(missing)::bigint as missing
from marts.completeness
group by section
order by section
