-- One row per revision, action (parent_position) and verification of it.
{{ section('actions_verifications') }}
