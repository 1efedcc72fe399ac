"""What holds, shown; by how much of the pipeline it takes.

    unit/         one module at a time, in seconds, without Dagster
    integration/  the true pipeline over small truths; other people's reports; README and CONTRIBUTING as they are typed
    battery/      what must never happen, and each case seen to fail on a defect (battery/shown.py)
    browser/      pages as Chromium shows them
    editor/       records in the YAML language server, as editors run it
    mutated/      good records with one defect each: how they are made
    records/      records as files: one with every field, and some of each version of the contract

Beside them what several share: conftest.py (fixtures of every test), projects.py (a project and the steps of a run),
mapped.py (files through a mapping), foreign.py (other people's reports). What one folder shares lies in it, without
`test_` in its name.
"""
