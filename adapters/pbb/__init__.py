"""The tax office: taxed land and what is owed on it, over SOAP.

Reading order: ``source`` (two operations of ``pbb.wsdl``), ``mapping`` (records), ``adapter`` (the
graph).
"""
