"""Calls by clients for CPython. OPTION names the client. No certificate is checked, as by the others."""

import ctypes
import io
import json
import os
import sys
import warnings

import common

JSON = {"Content-Type": "application/json"}


def with_requests():
    import requests

    # urllib3 warns about unchecked certificates.
    warnings.simplefilter("ignore")
    payload = common.payload()

    def content(url, take):
        return take.whole(requests.get(url, verify=False).content)

    def readinto(url, take):
        with requests.get(url, verify=False, stream=True) as r:
            return take.pieces(r.raw.readinto)

    def save(url, take):
        with requests.get(url, verify=False, stream=True) as r, open(common.FILE, "wb") as file:
            size = sum(map(file.write, r.iter_content(common.PIECE)))
        return take.saved(size)

    def document(url, take):
        return take.document(requests.get(url, verify=False).json())

    def lines(url, take):
        with requests.get(url, verify=False, stream=True) as r:
            return take.lines(r.raw)

    def iter_lines(url, take):
        with requests.get(url, verify=False, stream=True) as r:
            return take.lines(r.iter_lines(), ends=1)

    def post(url, take):
        return take.whole(requests.post(url, data=payload, headers=JSON, verify=False).content)

    return locals()


def with_httpx():
    import httpx

    # A new client for each call would read all of the system's certificates each time.
    client = httpx.Client(verify=False, headers={"Connection": "close"})
    payload = common.payload()

    def content(url, take):
        return take.whole(client.get(url).content)

    def readinto(url, take):
        with client.stream("GET", url) as r:
            return sum(map(take.whole, r.iter_bytes(common.PIECE)))

    def save(url, take):
        with client.stream("GET", url) as r, open(common.FILE, "wb") as file:
            size = sum(map(file.write, r.iter_bytes(common.PIECE)))
        return take.saved(size)

    def document(url, take):
        return take.document(client.get(url).json())

    def iter_lines(url, take):
        with client.stream("GET", url) as r:
            return take.lines(map(str.encode, r.iter_lines()), ends=1)

    def post(url, take):
        return take.whole(client.post(url, content=payload, headers=JSON).content)

    return locals()


def with_pycurl():
    import pycurl

    curl = pycurl.Curl()
    curl.setopt(pycurl.FORBID_REUSE, True)
    curl.setopt(pycurl.SSL_SESSIONID_CACHE, False)
    curl.setopt(pycurl.SSL_VERIFYPEER, False)
    curl.setopt(pycurl.SSL_VERIFYHOST, False)
    curl.setopt(pycurl.HTTPHEADER, ["Connection: close"])
    payload = common.payload()

    def body(url):
        body = io.BytesIO()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.WRITEDATA, body)
        curl.perform()
        return body.getvalue()

    def content(url, take):
        return take.whole(body(url))

    def document(url, take):
        return take.document(json.loads(body(url)))

    def readinto(url, take):
        size = 0

        def write(piece):
            nonlocal size
            size += take.whole(piece)

        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.WRITEFUNCTION, write)
        curl.perform()
        return size

    def save(url, take):
        with open(common.FILE, "wb") as file:
            curl.setopt(pycurl.URL, url)
            curl.setopt(pycurl.WRITEDATA, file)
            curl.perform()
        return take.saved(None)

    def post(url, take):
        curl.setopt(pycurl.HTTPHEADER, ["Connection: close", "Content-Type: application/json"])
        curl.setopt(pycurl.POSTFIELDS, payload)
        return content(url, take)

    return locals()


CLIENTS = {"cpython-requests": with_requests, "httpx": with_httpx, "pycurl": with_pycurl}


def counted(call, url, calls):
    """For callgrind: it writes a count for each half of the calls."""
    mark = ctypes.CDLL(os.environ["BENCH_MARK"])
    take = common.Take()
    size = 0
    common.repeat(call, url, max(10, calls), take)
    mark.mark_start()
    for _ in range(2):
        size += common.repeat(call, url, calls // 2, take)
        mark.mark_end()
    return {"bytes": size}


common.MODES["counted"] = counted
common.main(CLIENTS[sys.argv[5]]())
