"""The conformance kit: some forty claims tried on any adapter, with a recorded or a live source.

Reading order: ``model`` (a check and its result), ``recording`` (what is kept beside an adapter),
``wire`` (what the checks do to its sources), ``subject`` (the adapter opened for a check),
``claims/<head>`` (the checks), ``catalog`` (all of them, in order), ``run`` and ``report``;
``testing`` makes a pytest test of them.
"""
