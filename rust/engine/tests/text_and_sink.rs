//! Character encodings, numbers, and buffers that are full.
#![allow(clippy::unwrap_used)]

mod written;

use mrequests_engine::Error;
use mrequests_engine::sink::{Buffer, Sink, put_decimal, put_hex};
use mrequests_engine::text::{Encoding, put_latin1, put_lossy, put_single_byte};
use proptest::collection::vec;
use proptest::prelude::*;
use written::{Written, text, written};

fn lossy(bytes: &[u8]) -> String {
    text(|out| put_lossy(bytes, out))
}

/// `None` if there is a character beyond `limit`.
fn single_byte(text: &[u8], limit: u8) -> Option<Vec<u8>> {
    match written(|out| put_single_byte(text, limit, out)) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert_eq!(error, Error::Unencodable);
            None
        }
    }
}

#[test]
fn encodings_have_names_in_any_case_with_and_without_hyphens() {
    for (name, expected) in [
        ("utf-8", Some(Encoding::Utf8)),
        ("UTF8", Some(Encoding::Utf8)),
        ("_U-T-F__8-", Some(Encoding::Utf8)),
        ("ascii", Some(Encoding::Ascii)),
        ("US-ASCII", Some(Encoding::Ascii)),
        ("latin-1", Some(Encoding::Latin1)),
        ("Latin_1", Some(Encoding::Latin1)),
        ("iso-8859-1", Some(Encoding::Latin1)),
        ("ISO8859-1", Some(Encoding::Latin1)),
        ("-iso-8859-1-", Some(Encoding::Latin1)),
        ("", None),
        ("-", None),
        ("utf", None),
        ("utf-16", None),
        ("utf-80", None),
        ("latin1 ", None),
        ("iso-8859-2", None),
        ("iso-8859-15", None),
        ("iso 8859-1", None),
        ("utf8\0\0\0\0", None),
        ("\u{fc}tf8", None),
    ] {
        assert_eq!(Encoding::named(name.as_bytes()), expected, "{name:?}");
    }
}

#[test]
fn an_encoding_is_its_last_character_in_one_byte() {
    for (encoding, last) in [(Encoding::Ascii, '\x7f'), (Encoding::Latin1, '\u{ff}')] {
        let (limit, next) = (encoding as u8, char::from_u32(u32::from(last) + 1).unwrap());
        assert_eq!(single_byte(last.to_string().as_bytes(), limit), Some(vec![limit]));
        assert_eq!(single_byte(next.to_string().as_bytes(), limit), None);
    }
}

#[test]
fn latin1_is_the_first_256_characters() {
    let every: Vec<u8> = (0..=255).collect();
    let expected: String = (0..=255u8).map(char::from).collect();
    assert_eq!(text(|out| put_latin1(&every, out)), expected);
    for (bytes, expected) in [
        (&b""[..], ""),
        (b"plain", "plain"),
        (b"\xe9", "\u{e9}"),
        (b"caf\xe9 cr\xe8me", "caf\u{e9} cr\u{e8}me"),
        (b"\xe9\xe8a\xe0", "\u{e9}\u{e8}a\u{e0}"),
        (b"\x7f\x80", "\x7f\u{80}"),
    ] {
        assert_eq!(text(|out| put_latin1(bytes, out)), expected);
    }
}

#[test]
fn utf8_stays_as_it_is() {
    for text in ["", "plain", "\u{7f}\u{80}", "\u{7ff}\u{800}", "\u{ffff}\u{10000}", "a\u{10ffff}b"]
    {
        assert_eq!(lossy(text.as_bytes()), text);
    }
}

/// `?` stands for the replacement character: one for each start of a sequence with the bytes that
/// belong to it, as the Unicode standard recommends, chapter 3.9.
#[test]
fn bad_utf8_is_replaced() {
    for (bytes, expected) in [
        // Continuation bytes without a start.
        (&b"\x80"[..], "?"),
        (b"a\xbf\x80b", "a??b"),
        // Sequences cut short, at the end and before something else.
        (b"\xc3", "?"),
        (b"\xc3a", "?a"),
        (b"\xe2\x82", "?"),
        (b"\xe2\x82a", "?a"),
        (b"\xe2a\x82", "?a?"),
        (b"\xf0\x9f\x98", "?"),
        (b"\xf0\x9f\x98a", "?a"),
        (b"\xf0\x9fa", "?a"),
        (b"\xf0\x9f\xe2\x82\xac", "?\u{20ac}"),
        (b"\xc3\xc3\xa9", "?\u{e9}"),
        // Overlong sequences.
        (b"\xc0\x80", "??"),
        (b"\xc1\xbf", "??"),
        (b"\xe0\x80\x80", "???"),
        (b"\xe0\x9f\xbf", "???"),
        (b"\xf0\x80\x80\x80", "????"),
        (b"\xf0\x8f\xbf\xbf", "????"),
        // Surrogates.
        (b"\xed\xa0\x80", "???"),
        (b"\xed\xbf\xbf", "???"),
        // Beyond U+10FFFF.
        (b"\xf4\x90\x80\x80", "????"),
        (b"\xf5\x80", "??"),
        // Bytes that never occur.
        (b"\xf8\xfe\xff", "???"),
        (b"caf\xe9 cr\xe8me", "caf? cr?me"),
    ] {
        assert_eq!(lossy(bytes), expected.replace('?', "\u{fffd}"), "{bytes:x?}");
    }
}

#[test]
fn single_bytes_up_to_the_limit() {
    for (text, limit, expected) in [
        ("", 0xff, Some(&b""[..])),
        ("", 0, Some(b"")),
        ("\0", 0, Some(b"\0")),
        ("\x01", 0, None),
        ("plain\x7f", 0x7f, Some(b"plain\x7f")),
        ("\u{80}", 0x7f, None),
        ("plain\u{e9}", 0x7f, None),
        ("caf\u{e9}\u{ff}", 0xff, Some(b"caf\xe9\xff")),
        ("\u{100}", 0xff, None),
        ("\u{10ffff}", 0xff, None),
        // Not truncated to eight bits.
        ("\u{141}", 0xff, None),
    ] {
        assert_eq!(single_byte(text.as_bytes(), limit).as_deref(), expected, "{text:?} {limit}");
    }
    for bytes in [&b"\xff"[..], b"abc\xc3", b"\xc0\x80"] {
        assert_eq!(single_byte(bytes, 0xff), None);
    }
    for limit in 0..=255u8 {
        let up_to: String = (0..=limit).map(char::from).collect();
        assert_eq!(single_byte(up_to.as_bytes(), limit), Some((0..=limit).collect()));
    }
}

#[test]
fn numbers() {
    let powers = (0..20).map(|exponent| 10u64.pow(exponent));
    let bits = (0..64).map(|exponent| 1u64 << exponent);
    for power in powers.chain(bits) {
        for n in [power - 1, power, power + 1] {
            assert_eq!(text(|out| put_decimal(out, n)), format!("{n}"));
            assert_eq!(text(|out| put_hex(out, n)), format!("{n:x}"));
        }
    }
    for (n, decimal, hex) in [
        (0, "0", "0"),
        (9, "9", "9"),
        (10, "10", "a"),
        (0xabcdef, "11259375", "abcdef"),
        (u64::MAX - 1, "18446744073709551614", "fffffffffffffffe"),
        (u64::MAX, "18446744073709551615", "ffffffffffffffff"),
    ] {
        assert_eq!(text(|out| put_decimal(out, n)), decimal);
        assert_eq!(text(|out| put_hex(out, n)), hex);
    }
}

#[test]
fn full_buffer_takes_all_or_nothing() {
    let mut buffer = heapless::Vec::<u8, 4>::new();
    assert_eq!(buffer.put(b"abc"), Ok(()));
    assert_eq!(buffer.put(b"de"), Err(Error::NoRoom));
    assert_eq!(Buffer::as_slice(&buffer), b"abc");
    assert_eq!(buffer.put(b""), Ok(()));
    assert_eq!(buffer.put(b"d"), Ok(()));
    assert_eq!(buffer.put(b""), Ok(()));
    assert_eq!(buffer.put(b"e"), Err(Error::NoRoom));
    assert_eq!(Buffer::as_slice(&buffer), b"abcd");
}

#[test]
fn truncated_buffer_takes_more() {
    let mut buffer = heapless::Vec::<u8, 4>::new();
    buffer.put(b"abcd").unwrap();
    for (len, left) in [(5, &b"abcd"[..]), (4, b"abcd"), (2, b"ab"), (3, b"ab"), (0, b"")] {
        Buffer::truncate(&mut buffer, len);
        assert_eq!(Buffer::as_slice(&buffer), left);
    }
    assert_eq!(buffer.put(b"efgh"), Ok(()));
    assert_eq!(Buffer::as_slice(&buffer), b"efgh");
}

#[test]
fn too_little_room_is_told() {
    let small = heapless::Vec::<u8, 4>::new;
    for (what, result) in [
        ("latin-1", put_latin1(b"abc\xe9", &mut small())),
        ("lossy", put_lossy(b"ab\xff", &mut small())),
        ("single byte", put_single_byte(b"abcde", 0xff, &mut small())),
        ("decimal", put_decimal(&mut small(), 10_000)),
        ("hex", put_hex(&mut small(), 0x10_000)),
    ] {
        assert_eq!(result, Err(Error::NoRoom), "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn lossy_is_as_std_has_it(bytes in vec(prop_oneof![
        any::<u8>(),
        prop::sample::select(b"a\x80\xbf\xc2\xe0\xe2\x82\xed\xa0\xf0\x9f\xf4\x90".to_vec()),
    ], 0..40)) {
        prop_assert_eq!(lossy(&bytes), String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn latin1_there_and_back(bytes in vec(any::<u8>(), 0..60)) {
        let mut utf8 = Written::default();
        prop_assert_eq!(put_latin1(&bytes, &mut utf8), Ok(()));
        prop_assert_eq!(single_byte(utf8.as_slice(), 0xff), Some(bytes));
    }

    #[test]
    fn single_bytes_are_the_characters(text in any::<String>(), limit in any::<u8>()) {
        let fits = text.chars().all(|c| u32::from(c) <= u32::from(limit));
        let expected = fits.then(|| text.chars().map(|c| c as u8).collect());
        prop_assert_eq!(single_byte(text.as_bytes(), limit), expected);
    }

    #[test]
    fn numbers_are_as_std_has_them(n in any::<u64>(), shift in 0..64u32) {
        let n = n >> shift;
        prop_assert_eq!(text(|out| put_decimal(out, n)), n.to_string());
        prop_assert_eq!(text(|out| put_hex(out, n)), format!("{n:x}"));
    }
}
