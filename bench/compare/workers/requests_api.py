"""Calls by the API of micropython-lib's requests. Bodies in pieces come from `raw`, which is the socket."""

import common
import requests


def content(url, take):
    r = requests.get(url)
    size = take.whole(r.content)
    r.close()
    return size


def readinto(url, take):
    r = requests.get(url)
    size = take.pieces(r.raw.readinto)
    r.close()
    return size


def read(url, take):
    r = requests.get(url)
    size = take.reads(r.raw.read)
    r.close()
    return size


def save(url, take):
    r = requests.get(url)
    size = 0
    with open(common.FILE, "wb") as file:
        while True:
            count = r.raw.readinto(common.buffer)
            if not count:
                break
            size += file.write(common.view[:count])
    r.close()
    return take.saved(size)


def document(url, take):
    r = requests.get(url)
    size = take.document(r.json())
    r.close()
    return size


def lines(url, take):
    r = requests.get(url)
    size = take.lines(common.each_line(r.raw.readline))
    r.close()
    return size


def post(url, take):
    r = requests.post(url, data=payload, headers={"Content-Type": "application/json"})
    size = take.whole(r.content)
    r.close()
    return size


payload = common.payload()

common.main(globals())
