"""A `socket` module in memory, for boards without a network: a snippet that tests put before their own.

`Socket.script` has a list for each connection: the pieces that reads return, None where nothing is there yet,
or an errno that a read raises. After the last piece the connection ends. `Socket.made` lists the sockets, each with the
`address`, the data `sent` and the `timeouts`.
"""

from support.reading import WAYS

SOURCE = """\
import io, sys

class Socket(io.IOBase):
    script = []
    made = []

    def __init__(self, *kind):
        self.pieces = Socket.script.pop(0)
        self.address = None
        self.sent = b""
        self.timeouts = []
        self.open = True
        Socket.made.append(self)

    def connect(self, address):
        self.address = address
        if self.pieces and self.pieces[0] == "refused":
            raise OSError(111)

    def settimeout(self, seconds):
        self.timeouts.append(seconds)

    def write(self, data):
        self.sent += data
        return len(data)

    def readinto(self, buf):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        if isinstance(piece, int):
            raise OSError(piece)
        size = min(len(piece), len(buf))
        buf[:size] = piece[:size]
        if size < len(piece):
            self.pieces.insert(0, piece[size:])
        return size

    def ioctl(self, request, argument):
        if request == 4:  # close
            self.open = False
        return 0

class Module:
    SOCK_STREAM = 1
    socket = Socket

    @staticmethod
    def getaddrinfo(host, port, *kind):
        return [(2, 1, 0, "", (host, port))]

sys.modules["socket"] = Module

def descriptors():
    return sum(socket.open for socket in Socket.made)
"""

# A board without files cannot save to one.
WAYS = {name: way for name, way in WAYS.items() if name != "save"}
