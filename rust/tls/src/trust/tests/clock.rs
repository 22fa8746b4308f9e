//! Validity with a clock and without one.

use super::*;
use CertificateError::{Expired, NotYetValid};

const OK: Result<(), CertificateError> = Ok(());
const IN_2022: u64 = NOW - 3 * YEAR;
const IN_2029: u64 = NOW + 4 * YEAR;

#[test]
fn a_clock_that_is_set_decides() {
    for (chain, now, expected) in [
        (&["good", "ca"][..], NOW, OK),
        (&["expired", "ca"], NOW, Err(Expired)),
        (&["future", "ca"], NOW, Err(NotYetValid)),
        (&["good", "ca"], IN_2029, Err(Expired)),
        (&["until-2035", "ca-future"], NOW, Err(NotYetValid)),
        (&["until-2035", "ca-future"], IN_2029, OK),
        // 2025-01-01 to 2026-01-01, to the second.
        (&["good", "ca"], 1_735_689_599, Err(NotYetValid)),
        (&["good", "ca"], 1_735_689_600, OK),
        (&["good", "ca"], 1_767_225_600, OK),
        (&["good", "ca"], 1_767_225_601, Err(Expired)),
        (&["good", "ca"], u64::MAX, Err(Expired)),
    ] {
        let case = Case { chain, now: Some(now), ..GOOD };
        assert_eq!(case.check(), expected, "{chain:?} {now}");
    }
}

#[test]
fn without_a_clock_the_build_is_a_lower_bound() {
    for (chain, built, expected) in [
        (&["good", "ca"][..], NOW, OK),
        (&["expired", "ca"], NOW, Err(Expired)),
        (&["good", "ca-expired"], NOW, Err(Expired)),
        (&["expired", "ca"], IN_2022, OK),
        (&["good", "ca"], IN_2029, Err(Expired)),
        // Not yet valid at the time of the build: the time may be later.
        (&["good", "ca"], IN_2022, OK),
        (&["future", "ca"], NOW, OK),
        (&["until-2035", "ca-future"], NOW, OK),
        (&["until-2035", "ca-far-future"], IN_2022, OK),
        (&["future", "ca-future"], IN_2022, OK),
        // No time at which all are valid.
        (&["good", "ca-future"], NOW, Err(Expired)),
        (&["future", "ca-far-future"], NOW, Err(Expired)),
        (&["expired", "ca-future"], IN_2022, Err(Expired)),
        // Other paths are still tried.
        (&["good", "ca-future", "ca"], NOW, OK),
        (&["good", "ca-by-expired-other", "ca"], NOW, OK),
    ] {
        // Not set, or set to a time before the build.
        for now in [None, Some(0), Some(built - 1)] {
            let case = Case { chain, now, built, anchors: Some(&["root", "other-root"]), ..GOOD };
            assert_eq!(case.check(), expected, "{chain:?} {now:?}");
        }
    }
}

#[test]
fn a_clock_at_the_time_of_the_build_is_set() {
    let case = Case { chain: &["future", "ca"], now: Some(NOW), built: NOW, ..GOOD };
    assert_eq!(case.check(), Err(NotYetValid));
}

#[test]
fn trusted_devices_follow_the_same_rule() {
    for (device, now, expected) in [
        ("device-ca", Some(NOW), OK),
        ("device-expired", Some(NOW), Err(Expired)),
        ("device-expired", None, Err(Expired)),
        ("device-future", Some(NOW), Err(NotYetValid)),
        ("device-future", None, OK),
    ] {
        let devices = [device];
        let set = anchors(&devices);
        let case = Case { now, built: NOW, ..GOOD };
        let (_, signature) = line("proof", "leaf");
        let (chain, signed) = (chain([certificate(device)]), signed());
        let presented = Presented { chain: &chain, scheme: 0x0403, signature, signed: &signed };
        assert_eq!(check(&case.config(Some(&set)), &presented), expected, "{device} {now:?}");
    }
}
