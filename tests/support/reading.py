"""Ways to read a body: a name, and a snippet that stores the body of `r` in `body`."""

WAYS = {
    "content": "body = r.content",
    "read": """
body = b""
while True:
    piece = r.read(7)
    if not piece:
        break
    body += piece""",
    "read-default": """
body = b""
while True:
    piece = r.read()
    if not piece:
        break
    body += piece""",
    "read-all": "body = r.read(-1)",
    "read-none": "body = r.read(None)",
    "readinto": """
body = b""
buf = bytearray(5)
while True:
    n = r.readinto(buf)
    if not n:
        break
    body += buf[:n]""",
    "readinto-large": """
body = b""
buf = bytearray(8192)
while True:
    n = r.readinto(buf)
    if not n:
        break
    body += buf[:n]""",
    "readline": """
body = b""
while True:
    line = r.readline()
    if not line:
        break
    body += line""",
    "lines": 'body = b"".join(line for line in r)',
    "iter_content": 'body = b"".join(r.iter_content(6))',
    "saveinto": "f = io.BytesIO()\nr.saveinto(f)\nbody = f.getvalue()",
    "save": "r.save('saved')\nwith open('saved', 'rb') as f:\n    body = f.read()",
}
