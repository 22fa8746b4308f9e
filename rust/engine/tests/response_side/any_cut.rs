//! Any input in any cut gives the same outcome, makes progress, and never panics.

use mrequests_engine::field::{self, known};
use mrequests_engine::framing::{Fields, Framing};
use mrequests_engine::head::{Event, Head};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::driver::{AT_ONCE, BYTE_BY_BYTE, Outcome, Received, decode, parse, pieces};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1..4usize, 1..100usize, 1..1000usize], 1..8)
}

/// Bytes, mostly those with a meaning to the parsers.
fn telling_bytes(len: usize) -> impl Strategy<Value = Vec<u8>> {
    let telling = proptest::sample::select(&b"\r\n\r\n\n \t:;,\0aX05fF="[..]);
    vec(prop_oneof![8 => telling, 1 => any::<u8>()], 0..len)
}

fn line_end() -> impl Strategy<Value = String> {
    prop_oneof![Just("\r\n".to_owned()), Just("\n".to_owned())]
}

/// A field line or something like it; names fit the smallest window.
fn line() -> impl Strategy<Value = String> {
    let value = prop_oneof!["[ -~\t]{0,30}", "[a-z]{0,10}( {1,20}[a-z,:]{1,300}){0,3}"];
    let folds = vec((line_end(), "[ \t]{1,30}", "[a-z:]{0,200}"), 0..3);
    let joined = folds.prop_map(|folds| -> String {
        folds.into_iter().map(|(end, space, text)| end + &space + &text).collect()
    });
    prop_oneof![
        8 => ("[A-Za-z-]{1,30}:", value, joined).prop_map(|(name, value, folds)| name + &value + &folds),
        1 => "[a-z]{1,40}",
        1 => "[a-z(]{0,10}:[a-z]{0,200}",
        1 => "[a-z]{1,10}[ \t]:[a-z]{0,10}",
        1 => "[a-z]{1,10}:[a-z\r\0]{0,100}",
    ]
}

fn head() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![4 => 200..1000u16, 1 => 100..104u16];
    let start =
        (code, "( [!-~ ]{0,40})?").prop_map(|(code, reason)| format!("HTTP/1.1 {code}{reason}"));
    let one = (start, vec((line(), line_end()), 0..12), line_end(), line_end());
    let one = one.prop_map(|(start, lines, start_end, end)| {
        let lines: String = lines.into_iter().map(|(line, end)| line + &end).collect();
        start + &start_end + &lines + &end
    });
    (vec(one, 1..3), vec(any::<u8>(), 0..40))
        .prop_map(|(heads, body)| [heads.concat().as_bytes(), &body].concat())
}

#[derive(Debug, Clone)]
struct Chunk {
    size: String,
    content: Vec<u8>,
}

fn chunk() -> impl Strategy<Value = Chunk> {
    let size = ("0{0,20}", any::<bool>(), "([ \t]{0,3};[ -~\t]{0,30})?[ \t]{0,3}", line_end());
    (size, vec(any::<u8>(), 1..400)).prop_map(|((zeros, upper, extension, end), content)| {
        let n = content.len();
        let hex = if upper { format!("{n:X}") } else { format!("{n:x}") };
        Chunk { size: zeros + &hex + &extension + &end, content }
    })
}

proptest! {
    // Heads are slow to generate.
    #![proptest_config(config(64))]

    #[test]
    fn head_in_any_window_and_cut(input in head(), size in 64..600usize, cuts in cuts()) {
        let expected = parse(&input, input.len() + 1, AT_ONCE);
        prop_assert_eq!(&parse(&input, size, &cuts), &expected);
        prop_assert_eq!(&parse(&input, size, BYTE_BY_BYTE), &expected);
    }

    #[test]
    fn fields_of_a_plain_head(lines in vec("[A-Za-z-]{1,30}: [!-~]([ -~]{0,300}[!-~])?", 0..8)) {
        let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", lines.iter().map(|line| format!("{line}\r\n")).collect::<String>());
        let parsed = parse(head.as_bytes(), 64, &[10]);
        prop_assert_eq!(parsed.outcome, Outcome::Complete(head.len()));
        let expected: Vec<_> = lines.into_iter().map(String::into_bytes).collect();
        prop_assert_eq!(parsed.fields, expected);
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// Also with a driver that says `full` when it should not, or goes on after an error.
    #[test]
    fn head_survives_any_driver(garbage in telling_bytes(200), calls in vec((0..50usize, any::<bool>()), 1..50)) {
        let mut head = Head::new();
        let mut window = [b"HTTP/1.1 200 OK\r\n", &garbage[..]].concat();
        for (len, full) in calls {
            let len = len.min(window.len());
            if let Ok(step) = head.step(&mut window[..len], full) {
                prop_assert!(step.consumed <= len);
                if let Event::Field { line: range, .. } | Event::FieldPart { range, .. } = step.event {
                    prop_assert!(range.end <= len);
                }
                window.drain(..step.consumed);
            }
        }
    }

    #[test]
    fn chunks_in_any_cut(
        chunks in vec(chunk(), 0..6),
        last in "0{1,20}(;[ -~]{0,20})?\r?\n([a-z: ][a-z: \r]{0,20}\r?\n){0,3}\r?\n",
        rest in vec(any::<u8>(), 0..20),
        room in 1..300usize,
        cuts in cuts(),
    ) {
        let mut raw = Vec::new();
        let mut content = Vec::new();
        for chunk in &chunks {
            raw.extend_from_slice(chunk.size.as_bytes());
            raw.extend_from_slice(&chunk.content);
            raw.extend_from_slice(b"\r\n");
            content.extend_from_slice(&chunk.content);
        }
        raw.extend_from_slice(last.as_bytes());
        raw.extend_from_slice(&rest);
        let expected = Received { content, complete: Ok(()) };
        prop_assert_eq!(&decode(Framing::Chunked, &raw, room, &cuts), &expected);
        prop_assert_eq!(&decode(Framing::Chunked, &raw, room, BYTE_BY_BYTE), &expected);
        prop_assert_eq!(pieces(Framing::Chunked, &raw, &cuts), (expected, rest));
    }

    #[test]
    fn field_values_never_panic(value in telling_bytes(60), status in any::<u16>()) {
        let mut fields = Fields::default();
        fields.note(known(&[b"Content-Length:", &value[..]].concat()));
        fields.note(known(&[b"Transfer-Encoding:", &value[..]].concat()));
        fields.note(known(&[b"Connection:", &value[..]].concat()));
        let _ = fields.framing(false, status);
        if let Some(charset) = field::charset(&value) {
            prop_assert!(!charset.is_empty());
        }
    }
}
