"""The page that ``govsim watch`` opens: twin worlds under the same luck, played, changed and looked into.

Mesa's browser visualization runs it. Everything shown is read from the tables of two plain cities; nothing here is
part of the model, and nothing here may change what the model computes.
"""
