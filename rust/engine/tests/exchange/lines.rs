//! Lines, and content that needs no step.

use mrequests_engine::content::Extent;
use mrequests_engine::incoming::Incoming;

use crate::bodies::{content, in_each_framing, open, response};
use crate::response::{AT_ONCE, BYTE_BY_BYTE};

/// The parts of a body that `take` returns before a step is needed, by destinations of this size.
fn taken(incoming: &mut Incoming, size: usize) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let mut dst = vec![0; size];
        let len = incoming.take(&mut dst);
        if len == 0 {
            return content;
        }
        assert!(dst[len..].iter().all(|&b| b == 0));
        content.extend_from_slice(&dst[..len]);
    }
}

#[test]
fn bytes_are_taken_without_a_step() {
    for size in [1, 2, 600] {
        for (framing, answer) in in_each_framing(&content(300)) {
            let mut response = open(&answer, AT_ONCE);
            assert_eq!(taken(&mut response.incoming, size), b"", "the first step looks ahead");
            assert_eq!(response.read(&mut [0; 1], Extent::Some), Ok(1));
            let taken = taken(&mut response.incoming, size);
            let expected = match framing {
                // The last byte of a body comes with its end.
                "length" => &content(300)[1..299],
                "close" | "a chunk" => &content(300)[1..],
                // The first chunk was one byte.
                _ => &[],
            };
            assert_eq!(taken, expected, "{framing}");
            assert_eq!(response.incoming.content_received(), 1 + taken.len() as u64);
            assert!(!response.incoming.is_done());
        }
    }
}

#[test]
fn lines_are_taken_without_a_step() {
    let text = b"\none\r\ntwo\0\t\n\nand a long one to look into\nlast\n";
    for (framing, answer) in in_each_framing(text) {
        let mut response = open(&answer, AT_ONCE);
        assert_eq!(response.incoming.take_line(), b"");
        assert_eq!(response.read(&mut [0; 9], Extent::Line), Ok(1));
        let lines = [(); 6].map(|()| response.incoming.take_line().to_vec());
        let mut expected = [
            &b"one\r\n"[..],
            b"two\0\t\n",
            b"\n",
            b"and a long one to look into\n",
            b"last\n",
            b"",
        ];
        match framing {
            "length" => expected[4] = b"",
            "chunks" => expected = [b""; 6],
            _ => {}
        }
        assert_eq!(lines, expected, "{framing}");
    }
}

/// Any byte at any place, in lines whose ends lie anywhere in a machine word.
#[test]
fn lines_end_with_lf_alone() {
    for before in 0..20 {
        for byte in 0..=255 {
            let text = [&vec![b'x'; before][..], &[byte], b"yz\nrest"].concat();
            let answer = response("Content-Length: 1000", &text);
            let mut response = open(&answer, AT_ONCE);
            let mut dst = [0; 100];
            let len = response.read(&mut dst, Extent::Line).unwrap();
            let end = text.iter().position(|&b| b == b'\n').unwrap();
            assert_eq!(&dst[..len], &text[..=end], "{byte} after {before}");
        }
    }
}

#[test]
fn lines_of_any_length() {
    let lines: Vec<_> = [0, 1, 3, 4, 7, 8, 9, 510, 511, 512, 513, 2000, 0]
        .map(|len| {
            content(len).into_iter().map(|b| b.max(b'\r')).chain([b'\n']).collect::<Vec<_>>()
        })
        .into();
    for last in [&b""[..], b"no line end"] {
        let text = [&lines.concat(), last].concat();
        let expected = [&lines[..], &[last.to_vec(), vec![]]].concat();
        for (framing, answer) in in_each_framing(&text) {
            for cuts in [AT_ONCE, BYTE_BY_BYTE, &[513, 2]] {
                let mut response = open(&answer, cuts);
                for line in &expected {
                    let mut dst = [0; 3000];
                    let len = response.read(&mut dst, Extent::Line).unwrap();
                    assert!(dst[..len] == *line, "{framing}, {cuts:?}");
                }
            }
        }
    }
}
