-- Which words of the sources have no word of ours, and how often do they occur?
-- One row per source, field and word, in files as they were last read; such a word is in no record and was not guessed.
with last_reading as (
    select source, path, max(generation) as generation
    from raw.files
    group by source, path
)

select words.source, words.field, words.word, count(*) as times, count(distinct words.record_id) as records
from raw.unmapped_words as words
join last_reading using (source, path, generation)
group by all
order by times desc, words.source, words.field, words.word
