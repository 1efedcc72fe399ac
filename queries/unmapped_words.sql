-- Which words of the sources have no counterpart of ours yet?
-- One row per source, field and word, in files as last read. Add it to a word list of the source; it is never guessed.
with last_reading as (
    select source, path, max(generation) as generation, arg_max(kind, generation) as kind
    from raw.files
    group by source, path
)

select
    words.source, words.field, words.word, count(distinct words.record_id) as records, min(words.record_id) as for_example
from raw.unmapped_words as words
join last_reading using (source, path, generation)
where last_reading.kind = 'read'
group by words.source, words.field, words.word
order by records desc, words.source, words.field, words.word
