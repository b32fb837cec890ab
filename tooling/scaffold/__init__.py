"""New parts of the project, as files that pass its own checks at once and are changed by hand from there.

Each kind is planned first (:class:`tooling.scaffold.draft.Draft`): which files are new, which get some lines.
Nothing is ever written over: a file that is there already is a refusal before the first one is written.
"""
