"""Makes the answer of the merged data: what was asked, in the order asked, nulls propagated.

Reading order: ``leaf`` (one scalar or enum value), ``shapes`` (the operation compiled against the
API schema), ``complete`` (shapes over data).
"""
