-- One row per revision and signal that is to warn next time.
{{ section('signals') }}
