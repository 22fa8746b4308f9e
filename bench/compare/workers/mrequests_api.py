"""Calls by the API of mrequests: this module, and the pure-Python reference.

OPTION: `own` for the TLS of mrequests; without it the client's default, which is the port's.
"""

import sys

import common
import mrequests


def get_by_own_tls(url):
    # As the other workers do: a new context for each call, which checks no certificate.
    context = mrequests.TLSContext()
    context.verify_mode = mrequests.TLSContext.CERT_NONE
    return mrequests.get(url, ssl_context=context)


is_https = sys.argv[2].startswith("https")
get = get_by_own_tls if is_https and sys.argv[5:] == ["own"] else mrequests.get


def content(url, take):
    r = get(url)
    size = take.whole(r.content)
    r.close()
    return size


def readinto(url, take):
    r = get(url)
    size = take.pieces(r.readinto)
    r.close()
    return size


def read(url, take):
    r = get(url)
    size = take.reads(r.read)
    r.close()
    return size


def save(url, take):
    r = get(url)
    size = r.save(common.FILE, common.buffer)
    r.close()
    return take.saved(size)


def document(url, take):
    r = get(url)
    size = take.document(r.json())
    r.close()
    return size


def lines(url, take):
    r = get(url)
    size = take.lines(r)
    r.close()
    return size


def iter_lines(url, take):
    r = get(url)
    size = take.lines(r.iter_lines(), ends=1)
    r.close()
    return size


def post(url, take):
    r = mrequests.post(url, data=payload, headers=JSON)
    size = take.whole(r.content)
    r.close()
    return size


JSON = {b"Content-Type": b"application/json"}
payload = common.payload()

common.main(globals())
