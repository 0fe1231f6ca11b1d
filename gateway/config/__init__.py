"""Settings: what an operator may say, and how a file becomes it.

Reading order: ``model`` (every setting with its default), ``load`` (YAML to model, errors with
file, line and column), ``document`` (the published JSON Schema).
"""
