"""Letters: their text, their PDF/A, the code that proves them, and the signature they carry.

``kinds`` (what each of the nine letters must be told) and ``content`` (what one letter says) come
first, ``render`` makes the file, ``code`` the random code of its QR, ``signature`` reads a signed
file and says whether it is still what was signed. Pure: no store, no clock, no source.
"""
