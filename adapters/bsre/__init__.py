"""The national certificate authority: whose certificate is valid, and signing of documents.

Reading order: ``multipart`` (the form), ``source`` (its two methods), ``adapter`` (the graph).
"""
