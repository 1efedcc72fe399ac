-- One row per revision: the fields that occur once in a record.
{{ section('records') }}
