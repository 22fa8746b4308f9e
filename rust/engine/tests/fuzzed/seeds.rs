//! Inputs of the fuzz targets. `\x1e` separates parts; `tests/properties` says which.

pub(crate) const HEADS: &[&[u8]] = &[
    b"",
    b"\x05\x1eHTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello",
    b"\x01\x1eHTTP/1.0 404 Not Found\nA:b\n\n",
    b"\x03\x02\x1eHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nLink: a\r\n b\r\n\r\nHTTP/1.1 200\r\n\r\n",
    b"\x1eHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\0\r",
    b"\x09\x1eHTTP/1.1 200\r\nA: b\r\n c\r\n\td  \r\n  \r\nLocation: /\r\n x\r\nno colon\r\n folded\r\n\r\n",
    b"\x1eHTTP/1.1 200\r\nA : b\r\n\r\n",
    b"\x1eHTTP/1.1 200\r\nA: b\rc\r\n\r\n",
    b"\x1eHTTP/1.1 200\r\nA: b\0\r\n\r\n",
    b"\x1eHTTP/1.1 200\r\n A: b\r\n\r\n",
    // Lines around the size of the read-ahead: a reason, a field, a field with a fold, and others.
    b"\x9f\x1eHTTP/1.1 200 \xff\r\nA: b\r\n\r\n",
    b"\x9f\x10\x1eHTTP/1.1 200\r\nA: \xff1234567\r\nContent-Type: \xff\r\n\r\n",
    b"\xa0\x1eHTTP/1.1 200\r\nLocation: \xff  \r\n  y\r\nContent-Length: 1\r\n\r\n",
    b"\x02\x1eHTTP/1.1 200\r\n\xff: skipped\r\nno colon \xff\r\n \xff\r\nTransfer-Encoding: chunked\r\n\r\n",
];

pub(crate) const BODIES: &[&[u8]] = &[
    b"",
    b"\x00Content-Length: 5\x1e\x01\x1e\x02\x00\x04\x03\x1ehello",
    b"\x00Content-Length: 12\x1e\x07\x00\x1e\x02\x00\xff\x20\x1eone\ntwo\nthree",
    b"\x00Content-Length: 5, 5\nConnection: close\x1e\x00\x1e\x04\x05\x1ehello, world",
    b"\x00Content-Length: 0\x1e\x1e\x1eHTTP/1.1 200 OK\r\n",
    b"\x00Transfer-Encoding: chunked\x1e\x03\x1e\x00\x04\x02\x00\x07\x40\x1e5\r\nhello\r\n1;a=b\r\n\n\r\n0\r\nX: y\r\n\r\nrest",
    b"\x00Transfer-Encoding: chunked\nContent-Length: 9\x1e\x9f\x1e\x06\xff\x1e0005 \nhello\r\n0\n\n",
    b"\x00Transfer-Encoding: gzip, chunked\x1e\x00\x1e\xfe\xff\x1e201\r\n\xffxxxx",
    b"\x00Transfer-Encoding: chunked\x1e\x00\x9f\x1e\xfe\xff\xfe\xa0\x1e400\r\n\xff\xff123456789012345678901234\r\n1f4\r\n\xff\r\n0\r\n\r\n",
    b"\x00Content-Length: 1500\x1e\x40\x1e\x04\xff\xff\x40\x07\xff\x1e\xff\xff\xff",
    b"\x00Transfer-Encoding: chunked\x1e\x00\x1e\xfc\x9f\x1e5\r\nhelloX\r\n0\r\n\r\n",
    b"\x00Transfer-Encoding: chunked\x1e\x00\x1e\xfe\xff\x1effffffffffffffff\r\nhello",
    b"\x00A: b\x1e\x02\x00\x1e\x02\x00\x01\x09\xfc\xff\x1ea line\nand the rest until the end",
    // HTTP/1.0, 101, 204, 304, HTTP/1.9, and an answer to HEAD.
    b"\x01Connection: keep-alive\nContent-Length: 2\x1e\x00\x1e\x04\x07\x1ehi",
    b"\x02Upgrade: x\x1e\x00\x1e\x04\x07\x1eanother protocol",
    b"\x03\x1e\x00\x1e\x04\x07\x1e",
    b"\x04Content-Length: 9\x1e\x00\x1e\x04\x07\x1ex",
    b"\x05Content-Length: 4\nConnection: x,close\x1e\x00\x1e\x04\x07\x1etext",
    b"\x2aContent-Length: 4\x1e\x00\x1e\x04\x07\x1e",
];

pub(crate) const URLS: &[&[u8]] = &[
    b"",
    b"\x00\x1ehttp://h\x1e",
    b"\x03\x1eHTTPS://user:pass%40@Example.org:8443/a/b;c?d=e&f#g\x1e../x y?z#w",
    b"\x0b\x1ehttp://[fe80::1%25eth0]:80/a//b/./c/../d\x1e/./g/..",
    b"\x13\x1ehttps://192.0.2.1:443?q\x1e//other:80/\\..\\%2e%",
    b"\x0a\x1ehttps://h/\x1ehttp://h/",
    b"\x01\x1ehttp://h:80/a\x1eHTTP://H",
    b"\x02\x1ehttp://h?a=b&\x1e?c",
    b"\x00\x1ehttp://h/\x1ehttp://e@\\@h/",
    b"\x00\x1ehttp://h/\r\nX: y\x1e\r\n",
    b"\x04\x1ehttp://u@h:/\xc3\xa4?\xe2\x82\xac\x1eftp://h/",
    b"\x00\x1ehttp://h:65536/\x1e///h",
    b"\x00\x1e//h/a?b\x1emailto:a@b",
];

pub(crate) const CALLS: &[&[u8]] = &[
    b"",
    b"\x08\x00\x00\x05\x1eGET\x1ehttp://h/\x1e\x1e\x1e\x1eHTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nhi",
    b"\x11\x03\x00\x07\x1epost\x1ehttp://u:p@h:8080/a?b#c\x1eCookie: d\x1fUser-Agent\x1fX-A: b\x1etext/plain\x1ehello\x1e\
        HTTP/1.1 307 \r\nLocation: /c\r\n\r\n\x1eHTTP/1.1 303 See Other\r\nLocation: //other/\r\n\r\n\x1eHTTP/1.1 200 OK\r\n\r\n",
    // Neither credentials nor content come back.
    b"\x01\x09\x00\x00\x1ePOST\x1ehttp://u:p@h/\x1eCookie: d\x1e\x1ehello\x1eHTTP/1.1 307 \r\nLocation: //i/\r\n\r\n\x1e\
        HTTP/1.1 302 \r\nLocation: /j\r\n\r\n\x1eHTTP/1.1 307 \r\nLocation: k\r\n\r\n\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x03\x02\x00\x03\x1ePUT\x1ehttps://h/\x1eHost: i\x1fAuthorization: j\x1e\x1ea body in pieces\x1e\
        HTTP/1.1 308 \r\nLocation: https://h:443/d\r\n\r\n\x1eHTTP/1.1 201 \r\nContent-Type: a; charset=b\r\n\r\n",
    b"\x1d\x05\x00\x02\x9f\x1ePATCH\x1ehttp://[::1]/\x1eContent-Type: a/b\x1fContent-Language: c\x1e\x1eseven..\x1e\
        HTTP/1.1 302 Found\r\nLocation: ?q\r\n\r\n\x1eHTTP/1.1 301 \r\nLocation: http://h/\r\n\r\n\x1e",
    b"\x01\x00\x00\x00\x1ePOST\x1ehttp://h/\x1eTransfer-Encoding: gzip, chunked\x1e\x1ehello\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x03\x00\x00\x03\x1ePOST\x1ehttp://h/\x1eContent-Length: 05\x1e\x1ehello\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x00\x00\x00\x00\x1eGET\x1ehttp://h/\x1eContent-Length: 0\x1fContent-Length\x1fA:\r\nX-Injected: y\x1ea\x1e\x1e\
        HTTP/1.1 103 \r\nLocation: /\r\n\r\nHTTP/1.1 204 \r\n\r\n",
    // A body that is not as long as announced.
    b"\x01\x00\x00\x00\x1ePOST\x1ehttp://h/\x1e\x1e\x1e\xff\xff\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x13\x02\x00\xff\x1ePOST\x1ehttp://h/\x1e\x1e\x1e\xff\xff\xff\x1eHTTP/1.1 308 \r\nLocation: /a\r\n\r\n\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x06\x00\x00\x02\x1ePOST\x1ehttp://h/\x1e\x1e\x1ehello\x1eHTTP/1.1 200 \r\n\r\n",
    b"\x07\x00\x00\x02\x1ePOST\x1ehttp://h/\x1e\x1e\x1ehello\x1eHTTP/1.1 200 \r\n\r\n",
    // A peer that closes before it has the whole request.
    b"\x03\x02\x12\x04\x1ePOST\x1ehttp://h/\x1e\x1e\x1ehello\x1eHTTP/1.1 413 \r\n\r\n",
    b"\x05\x02\x12\x04\x1ePOST\x1ehttp://h/\x1e\x1e\x1ehello\x1eHTTP/1.1 307 \r\nLocation: /a\r\n\r\n\x1eHTTP/1.1 200 \r\n\r\n",
    // Redirects without end, to nowhere, and from https to http.
    b"\x01\x02\x00\x00\x1eHEAD\x1ehttp://h/\x1e\x1e\x1e\x1eHTTP/1.1 301 \r\nLocation: a\r\n\r\n\x1eHTTP/1.1 301 \r\nLocation: a\r\n\r\n",
    b"\x00\x05\x00\x00\x1eGET\x1ehttp://h/\x1e\x1e\x1e\x1eHTTP/1.1 301 \r\nLocation: http:///\r\n\r\n",
    b"\x00\x05\x00\x00\x1eGET\x1ehttps://h/\x1e\x1e\x1e\x1eHTTP/1.1 301 \r\nLocation: http://h/\r\n\r\n",
    b"\x00\x05\x00\x00\x1eGET\x1ehttps://h/\x1eA:b\x1e\x1e\x1eHTTP/1.1 301 \r\nLocation: http\r\n ://h/\r\n\r\n",
];
