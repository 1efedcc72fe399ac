-- title: Names without a line
-- question: Which fault lines that people have named are no line now?
select line_id, name, owner_team
from analysis.fault_line_names
where not is_found
order by line_id
