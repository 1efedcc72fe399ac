-- title: Completeness by section
-- question: Of the fields a published record of its category is asked for, how many are answered?
select
    section, count(*) as records,
    sum(asked)::bigint as asked, sum(answered)::bigint as answered,
    sum(stated_unknown + stated_not_applicable + stated_withheld)::bigint as stated_without_value,
    sum(missing)::bigint as missing
from marts.completeness
group by section
order by section
