-- One row per revision and trigger: what set the incident off, apart from why it could.
select * from {{ source('raw', 'triggers') }}
