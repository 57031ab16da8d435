"""Makes the pages of the document that follow from the source, at every build, into ``_made``.

Nothing here is written twice: columns, parameters, instruments, outcomes and mechanisms declare what they are, and
these modules turn the declarations into Markdown. A new mechanism or instrument has its place by being there.
"""
