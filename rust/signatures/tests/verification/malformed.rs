//! Encodings with one error. Each table starts from an accepted sample.
use crate::samples::{MESSAGE, SAMPLES, Sample, verify};

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match u16::try_from(content.len()).unwrap().to_be_bytes() {
        [0, low @ ..0x80] => vec![low],
        [0, low] => vec![0x81, low],
        [high, low] => vec![0x82, high, low],
    };
    [&[tag], &length[..], content].concat()
}

/// The same element with a length that is one byte longer than necessary.
fn padded(tag: u8, content: &[u8]) -> Vec<u8> {
    let der = element(tag, content);
    let length = &der[1..der.len() - content.len()];
    let padded = match length {
        [short] => vec![0x81, *short],
        [_, low] => vec![0x82, 0, *low],
        [_, rest @ ..] => [&[0x83, 0], rest].concat(),
        [] => unreachable!(),
    };
    [&[tag], &padded[..], content].concat()
}

/// SEQUENCE { INTEGER, INTEGER } of the integers' contents.
fn pair(first: &[u8], second: &[u8]) -> Vec<u8> {
    element(0x30, &[element(2, first), element(2, second)].concat())
}

/// The contents of the integers in a SEQUENCE of them.
fn integers(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    fn content(der: &[u8]) -> (&[u8], &[u8]) {
        let (header, length) = match der[1] {
            0x81 => (3, usize::from(der[2])),
            0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
            short => (2, usize::from(short)),
        };
        der[header..].split_at(length)
    }
    let (first, rest) = content(content(der).0);
    (first.to_vec(), content(rest).0.to_vec())
}

fn sample(name: &str) -> Sample {
    let sample = *SAMPLES.iter().find(|sample| sample.name == name).unwrap();
    assert!(verify(sample.algorithm, sample.key, MESSAGE, sample.signature));
    sample
}

fn with_zero(number: &[u8]) -> Vec<u8> {
    [&[0], number].concat()
}

/// Malformed variants of SEQUENCE { INTEGER, INTEGER }.
fn wrong_pairs(der: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (first, second) = integers(der);
    assert_eq!(pair(&first, &second), der);
    let (a, b) = (element(2, &first), element(2, &second));
    let content = [&a[..], &b].concat();
    vec![
        ("nothing", vec![]),
        ("tag only", vec![0x30]),
        ("empty", vec![0x30, 0]),
        ("cut", der[..der.len() - 1].to_vec()),
        ("a byte more", [der, &[0]].concat()),
        ("a byte more inside", element(0x30, &[&content[..], &[0]].concat())),
        ("first only", element(0x30, &a)),
        ("a third", element(0x30, &[&content[..], &a].concat())),
        ("a set", element(0x31, &content)),
        ("primitive", element(0x10, &content)),
        ("octet strings", element(0x30, &[element(4, &first), element(4, &second)].concat())),
        ("zero before the first", pair(&with_zero(&first), &second)),
        ("zero before the second", pair(&first, &with_zero(&second))),
        ("first is empty", pair(&[], &second)),
        ("second is empty", pair(&first, &[])),
        ("first is 0", pair(&[0], &second)),
        ("second is 0", pair(&first, &[0])),
        ("first is -1", pair(&[0xff], &second)),
        ("padded length", padded(0x30, &content)),
        ("padded length inside", element(0x30, &[&padded(2, &first)[..], &b].concat())),
        ("indefinite length", [&[0x30, 0x80], &content[..], &[0, 0]].concat()),
        ("reserved length", [&[0x30, 0xff], &content[..]].concat()),
    ]
}

/// The order of a curve.
fn order(bytes: usize) -> Vec<u8> {
    let hex: &str = match bytes {
        32 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        _ => {
            "ffffffffffffffffffffffffffffffffffffffffffffffff\
             c7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
    };
    (0..bytes).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn check_ecdsa(sample: Sample) {
    let refuses = |what: &str, key: &[u8], signature: &[u8]| {
        let is_valid = verify(sample.algorithm, key, MESSAGE, signature);
        assert!(!is_valid, "{}: {what}", sample.name);
    };
    let (r, s) = integers(sample.signature);
    let bytes = sample.key.len() / 2;
    let n = with_zero(&order(bytes));
    for (what, signature) in wrong_pairs(sample.signature) {
        refuses(what, sample.key, &signature);
    }
    refuses("r and s swapped", sample.key, &pair(&s, &r));
    refuses("r = n", sample.key, &pair(&n, &s));
    refuses("s = n", sample.key, &pair(&r, &n));
    refuses("r = 1, s = 1", sample.key, &pair(&[1], &[1]));
    refuses("r too long", sample.key, &pair(&vec![1; bytes + 1], &s));
    refuses("s too long", sample.key, &pair(&r, &vec![1; bytes + 1]));
    refuses("huge r", sample.key, &pair(&vec![1; 60000], &s));

    let (x, y) = sample.key[1..].split_at(bytes);
    let mut off = sample.key.to_vec();
    *off.last_mut().unwrap() ^= 1;
    let prime_as_x = [&[4], &vec![0xff; bytes][..], y].concat();
    let keys: [(&str, &[u8]); 13] = [
        ("no key", &[]),
        ("infinity", &[0]),
        ("form only", &[4]),
        ("compressed", &[&[2 | y[bytes - 1] & 1], x].concat()),
        ("hybrid", &[&[6 | y[bytes - 1] & 1], x, y].concat()),
        ("no form", &sample.key[1..]),
        ("x only", &[&[4], x].concat()),
        ("cut", &sample.key[..2 * bytes]),
        ("a byte more", &[sample.key, &[0]].concat()),
        ("zero before y", &[&[4], x, &[0], y].concat()),
        ("not on the curve", &off),
        ("x too large", &prime_as_x),
        ("(0, 0)", &[&[4][..], &vec![0; 2 * bytes]].concat()),
    ];
    for (what, key) in keys {
        refuses(what, key, sample.signature);
    }
}

#[test]
fn ecdsa_p256() {
    check_ecdsa(sample("p256_sha256"));
}

#[test]
#[cfg(feature = "p384")]
fn ecdsa_p384() {
    check_ecdsa(sample("p384_sha384"));
}

#[test]
#[cfg(feature = "ed25519")]
fn ed25519() {
    let sample = sample("ed25519");
    for length in 0..32 {
        assert!(!verify(sample.algorithm, &sample.key[..length], MESSAGE, sample.signature));
    }
    for length in 0..64 {
        assert!(!verify(sample.algorithm, sample.key, MESSAGE, &sample.signature[..length]));
    }
    // The identity as key and as R, with S = 0, verifies any message unless small orders are
    // refused.
    let identity = core::array::from_fn::<u8, 32, _>(|at| u8::from(at == 0));
    assert!(!verify(sample.algorithm, &identity, MESSAGE, &[identity, [0; 32]].concat()));
}

#[cfg(feature = "rsa")]
mod rsa {
    use super::*;
    use crate::samples::RSA_LENGTHS;
    use mrequests_signatures as signatures;

    #[test]
    fn lengths() {
        for (sample, is_offered) in RSA_LENGTHS {
            let is_valid = verify(sample.algorithm, sample.key, MESSAGE, sample.signature);
            assert_eq!(is_valid, *is_offered, "{}", sample.name);
            // A modulus that does not fill its last limb leaves room for a longer signature.
            let longer = with_zero(sample.signature);
            assert!(!verify(sample.algorithm, sample.key, MESSAGE, &longer), "{}", sample.name);
        }
    }

    #[test]
    fn keys() {
        for sample in [sample("pkcs1_sha256"), sample("pss_sha256")] {
            let (n, e) = integers(sample.key);
            let even = [&n[..n.len() - 1], &[n[n.len() - 1] & 0xfe]].concat();
            let mut keys = wrong_pairs(sample.key);
            keys.extend([
                ("negative modulus", pair(&n[1..], &e)),
                ("even modulus", pair(&even, &e)),
                ("even exponent", pair(&n, &[1, 0, 0])),
                ("another exponent", pair(&n, &[3])),
                ("exponent and modulus", pair(&e, &n)),
            ]);
            for (what, key) in keys {
                let is_valid = verify(sample.algorithm, &key, MESSAGE, sample.signature);
                assert!(!is_valid, "{}: {what}", sample.name);
            }
        }
    }

    #[test]
    fn signatures() {
        for sample in [sample("pkcs1_sha256"), sample("pss_sha256")] {
            let (n, _) = integers(sample.key);
            let n = &n[1..];
            let mut above = n.to_vec();
            *above.last_mut().unwrap() |= 2;
            let table: [(&str, &[u8]); 8] = [
                ("nothing", &[]),
                ("cut", &sample.signature[..255]),
                ("without its first byte", &sample.signature[1..]),
                ("zero before it", &with_zero(sample.signature)),
                ("zero", &[0; 256]),
                ("the modulus", n),
                ("above the modulus", &above),
                ("all ones", &[0xff; 256]),
            ];
            for (what, signature) in table {
                let is_valid = verify(sample.algorithm, sample.key, MESSAGE, signature);
                assert!(!is_valid, "{}: {what}", sample.name);
            }
        }
    }

    /// With an exponent of 1 the encoded message would be its own signature.
    #[test]
    fn exponent_of_1() {
        use sha2::Digest as _;
        let sample = sample("pkcs1_sha256");
        let (n, _) = integers(sample.key);
        let digest_info =
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        let digest = sha2::Sha256::digest(MESSAGE);
        let encoded = [&[0, 1], &[0xff; 202][..], &[0], digest_info, &digest].concat();
        assert_eq!(encoded.len(), 256);
        assert!(!verify(&signatures::RSA_PKCS1_SHA256, &pair(&n, &[1]), MESSAGE, &encoded));
    }
}
