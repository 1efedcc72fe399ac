-- title: Combinations looked at
-- question: How many combinations of named codes, artifacts and services were looked at, and how many are fault lines?
select
    (select count(*) from analysis.fault_lines) as lines,
    (select max(of_sets) from intermediate.int_facet_sets) as looks,
    (select count(*) from intermediate.int_repeats) as repeats
