-- One row per revision, action (parent_position) and verification of it.
select * from {{ source('raw', 'actions_verifications') }}
