"""Merging: one file per kind of element.

Read ``type_definition.py`` first; it sends each type to the file of its kind.
"""
