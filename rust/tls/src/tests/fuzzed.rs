//! The fuzz target with some hundred random inputs.

use crate::support::handshake;
use proptest::prelude::*;
use std::vec::Vec;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_server_makes_the_client_panic(mut input: Vec<u8>, complete: bool) {
        if complete {
            // Begins with a complete handshake, so that the rest reaches an open connection.
            input.splice(0..0, [0, 0, 1, 2, 3]);
        }
        handshake(&input);
    }
}
