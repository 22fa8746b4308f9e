//! Percent-encoding, forms and base64 with arbitrary input.
#![allow(clippy::unwrap_used)]

mod any_bytes;
mod written;

use any_bytes::any_bytes;
use mrequests_engine::form::{pairs, push_pair};
use mrequests_engine::percent::{SafeSet, decoded, escape_target, quote};
use proptest::collection::vec;
use proptest::prelude::*;
use written::{basic, written};

/// Base64, encoded through a string of bits.
fn reference_base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> =
        ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    let mut text = String::new();
    for start in (0..bits.len()).step_by(6) {
        let six = format!("{:0<6}", bits.chars().skip(start).take(6).collect::<String>());
        text.push(alphabet[usize::from_str_radix(&six, 2).unwrap()]);
    }
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(a in any_bytes(), b in any_bytes(), plus: bool) {
        let _ = decoded(&a, plus).count();
        let _ = pairs(&a, b'&').count();
        let _ = written(|out| push_pair(out, plus, &a, &b, &SafeSet::NONE.with(&a)));
    }

    #[test]
    fn quoted_is_decoded_again(
        text in vec(any::<u8>(), 0..60), safe in any_bytes(), plus: bool,
    ) {
        // A safe `%` or, in forms, a safe `+` would be ambiguous.
        let safe: Vec<u8> = safe.into_iter().filter(|b| !b"%+".contains(b)).collect();
        let quoted = written(|out| quote(&text, &SafeSet::NONE.with(&safe), plus, out)).unwrap();
        prop_assert_eq!(decoded(&quoted, plus).collect::<Vec<_>>(), text);
    }

    #[test]
    fn escaped_targets_are_printable_mean_the_same_and_stay_as_they_are(text in any_bytes()) {
        let once = written(|out| escape_target(&text, out)).unwrap();
        let unsafe_bytes = b"\"<>\\^`{|}";
        let is_safe = |b: &u8| b.is_ascii_graphic() && !unsafe_bytes.contains(b);
        prop_assert!(once.iter().all(is_safe));
        prop_assert!(decoded(&once, false).eq(decoded(&text, false)));
        prop_assert_eq!(&written(|out| escape_target(&once, out)).unwrap(), &once);
    }

    #[test]
    fn forms_come_back(form in vec((vec(any::<u8>(), 0..8), vec(any::<u8>(), 0..8)), 0..6)) {
        let query = written(|out| {
            form.iter().enumerate().try_for_each(|(index, (name, value))| {
                push_pair(out, index == 0, name, value, &SafeSet::UNRESERVED)
            })
        });
        let decode = |text: &[u8]| decoded(text, true).collect::<Vec<_>>();
        let back: Vec<_> = pairs(&query.unwrap(), b'&')
            .map(|(name, value)| (decode(name), decode(value.unwrap())))
            .collect();
        prop_assert_eq!(back, form);
    }

    #[test]
    fn base64_is_as_the_reference_has_it(
        user in vec(any::<u8>(), 0..40), password in vec(any::<u8>(), 0..40),
    ) {
        let expected = reference_base64(&[&user[..], b":", &password].concat());
        prop_assert_eq!(basic(&user, &password, false), format!("Basic {expected}"));
    }
}
