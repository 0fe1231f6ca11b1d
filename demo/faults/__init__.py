"""How a legacy system may fail, switchable at run time.

`http.py` for our own servers, `files.py` for registers kept as files, `tcp_proxy.py` for any other
server on TCP (MariaDB in tests). Files can be broken from the shell: `python -m demo fault --help`.
"""
