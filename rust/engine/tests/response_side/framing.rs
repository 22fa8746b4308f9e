//! Where a body ends (RFC 9112 section 6.3).

use mrequests_engine::Error;
use mrequests_engine::field::known;
use mrequests_engine::framing::{Fields, Framing};

fn noted(lines: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in lines {
        fields.note(known(format!("{name}: {value}").as_bytes()));
    }
    fields
}

fn framing(lines: &[(&str, &str)]) -> Result<Framing, Error> {
    noted(lines).framing(false, 200)
}

const CL: &str = "Content-Length";
const TE: &str = "Transfer-Encoding";

#[test]
fn neither_field_means_to_the_close() {
    assert_eq!(framing(&[]), Ok(Framing::Close));
    let others = [("X-Content-Length", "5"), ("Content-Lengths", "5"), ("Content_Length", "5")];
    assert_eq!(framing(&others), Ok(Framing::Close));
    let others = [("TE", "chunked"), ("X-Transfer-Encoding", "chunked")];
    assert_eq!(framing(&others), Ok(Framing::Close));
}

#[test]
fn content_length() {
    let max = (u64::MAX - 1).to_string();
    let valid = [
        ("0", 0),
        ("5", 5),
        ("0005", 5),
        ("5, 5", 5),
        ("5,\t05", 5),
        ("00000000000000000000000000000000000000005", 5),
        (&max, u64::MAX - 1),
    ];
    for (value, n) in valid {
        let fields = noted(&[(CL, value)]);
        assert_eq!(fields.content_length(), Some(n));
        assert_eq!(fields.framing(false, 200), Ok(Framing::Length(n)), "{value:?}");
    }
    assert_eq!(framing(&[("content-LENGTH", "5")]), Ok(Framing::Length(5)));
    assert_eq!(framing(&[(CL, "5"), ("X", "6"), (CL, "5")]), Ok(Framing::Length(5)));
}

#[test]
fn invalid_content_length() {
    let invalid = [
        "",
        " ",
        "+5",
        "-5",
        "0x5",
        "5x",
        "5 5",
        "5;",
        "5.0",
        "5e0",
        "abc",
        "1_0",
        "'5'",
        "\"5\"",
        "\x0b5",
        "5\x0c",
        "\u{0665}",
        "5,6",
        "5, 6",
        "5,",
        ",5",
        ",",
        "5,,5",
        "5, +5",
        "-0",
        "18446744073709551615", // stands for "unknown" elsewhere
        "5, 18446744073709551615",
        "18446744073709551616",
        "18446744073709551621",
        "99999999999999999999",
        "99999999999999999999999999",
    ];
    for value in invalid {
        let fields = noted(&[(CL, value)]);
        assert_eq!(fields.content_length(), None, "{value:?}");
        assert_eq!(fields.framing(false, 200), Err(Error::InvalidContentLength), "{value:?}");
        // Chunked does not hide it, nor does a valid one before or after.
        for lines in [
            [(CL, value), (TE, "chunked")],
            [(TE, "chunked"), (CL, value)],
            [(CL, "5"), (CL, value)],
            [(CL, value), (CL, "5")],
        ] {
            assert_eq!(framing(&lines), Err(Error::InvalidContentLength), "{lines:?}");
        }
    }
    assert_eq!(framing(&[(CL, "5"), (CL, "6")]), Err(Error::InvalidContentLength));
    assert_eq!(framing(&[(CL, "5"), (CL, "6"), (CL, "5")]), Err(Error::InvalidContentLength));
}

#[test]
fn chunked_wins_over_content_length() {
    for value in ["chunked", "Chunked", "CHUNKED", "cHuNkEd", "gzip, chunked", ",chunked,"] {
        for name in [TE, "transfer-encoding", "TRANSFER-ENCODING"] {
            let fields = noted(&[(name, value)]);
            assert!(fields.is_chunked());
            assert_eq!(fields.framing(false, 200), Ok(Framing::Chunked), "{value:?}");
        }
        assert_eq!(framing(&[(TE, value), (CL, "5")]), Ok(Framing::Chunked));
        assert_eq!(framing(&[(CL, "5"), (TE, value)]), Ok(Framing::Chunked));
    }
    assert_eq!(framing(&[(TE, "gzip"), (TE, "chunked")]), Ok(Framing::Chunked));
}

#[test]
fn unsupported_transfer_encoding() {
    let table: &[&[&str]] = &[
        &["xchunked"],
        &["x-chunked"],
        &["notchunked"],
        &["chunkedx"],
        &["chunked-not"],
        &["\"chunked\""],
        &["chunked;q=1"],
        &["chunked; a"],
        &["chunked chunked"],
        &["\x0bchunked"],
        &["chun\u{212a}ed"],
        &["identity"],
        &["gzip"],
        &["chunked, gzip"],
        &["chunked, identity"],
        &["chunked, chunked"],
        &["chunked, gzip, chunked"],
        &["chunked", "chunked"],
        &["chunked", "gzip"],
        &["chunked", "identity"],
        &["gzip", "deflate"],
        &[""],
        &[","],
        &["chunked", ""],
        &["", "chunked"],
    ];
    for values in table {
        let mut lines: Vec<_> = values.iter().map(|value| (TE, *value)).collect();
        assert_eq!(framing(&lines), Err(Error::UnsupportedTransferEncoding), "{values:?}");
        assert!(!noted(&lines).is_chunked());
        lines.push((CL, "5"));
        assert_eq!(framing(&lines), Err(Error::UnsupportedTransferEncoding), "{values:?}");
    }
}

#[test]
fn no_body_whatever_the_fields_say() {
    let fields = [
        noted(&[]),
        noted(&[(CL, "5")]),
        noted(&[(TE, "chunked")]),
        noted(&[(CL, "+5")]),
        noted(&[(CL, "5"), (CL, "6")]),
        noted(&[(TE, "xchunked")]),
    ];
    for fields in fields {
        for status in [100, 101, 103, 199, 204, 304] {
            assert_eq!(fields.framing(false, status), Ok(Framing::None));
        }
        for status in [200, 204, 301, 404, 500, 999] {
            assert_eq!(fields.framing(true, status), Ok(Framing::None));
        }
        for status in [200, 203, 205, 206, 301, 303, 305, 404, 999] {
            assert_ne!(fields.framing(false, status), Ok(Framing::None));
        }
    }
}
