"""What one execution knows and remembers: options, runtime types, errors, accounts of sources.

Reading order: ``options``, ``runtime_types``, ``answer_error``, ``explained``, ``visible_names``,
``account``, ``completeness``, ``execution_state``.
"""
