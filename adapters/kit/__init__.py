"""What an agency's author writes against, and the runtime that answers for it.

Reading order: ``outcome`` (what a function returns), ``context`` (what it is given),
``definition`` (the five kinds of function), ``python`` (the front-end), ``shapes`` and
``program`` (a selection compiled), ``loading``, ``answer`` and ``runtime`` (how it is answered).
"""
