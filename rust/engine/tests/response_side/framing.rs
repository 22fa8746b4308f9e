//! The fields that frame a body, by themselves. The cases in `tests/cases` show where a body ends.

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

const CL: &str = "Content-Length";
const TE: &str = "Transfer-Encoding";

#[test]
fn length_and_coding() {
    for (lines, length, is_chunked, framing) in [
        (&[][..], None, false, Ok(Framing::Close)),
        (&[(CL, "5")], Some(5), false, Ok(Framing::Length(5))),
        (&[(CL, "+5")], None, false, Err(Error::InvalidContentLength)),
        (&[(CL, "5"), (CL, "6")], None, false, Err(Error::InvalidContentLength)),
        (&[(TE, "chunked")], None, true, Ok(Framing::Chunked)),
        (&[(CL, "5"), (TE, "gzip, chunked")], Some(5), true, Ok(Framing::Chunked)),
        (&[(CL, "+5"), (TE, "chunked")], None, true, Err(Error::InvalidContentLength)),
        (&[(TE, "chunked, gzip")], None, false, Err(Error::UnsupportedTransferEncoding)),
    ] {
        let fields = noted(lines);
        assert_eq!(
            (fields.content_length(), fields.is_chunked()),
            (length, is_chunked),
            "{lines:?}"
        );
        assert_eq!(fields.framing(false, 200), framing, "{lines:?}");
        assert_eq!(fields.framing(true, 200), Ok(Framing::None), "{lines:?}");
        assert_eq!(fields.framing(false, 304), Ok(Framing::None), "{lines:?}");
    }
}
