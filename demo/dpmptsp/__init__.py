"""The licensing agency in JakEVO's shape: `tokens.py`, `query.py` (parameters), `app.py`."""
