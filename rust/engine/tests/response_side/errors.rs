//! Errors as numbers and as texts.

use std::collections::BTreeSet;

use mrequests_engine::Error;

#[test]
fn each_number_is_one_error() {
    let errors: Vec<_> = (0..=255).filter_map(Error::from_number).collect();
    assert_eq!(errors[0], Error::InvalidMethod);
    assert_eq!(errors.last(), Some(&Error::NoRoom));
    for (error, number) in errors.iter().zip(1..) {
        assert_eq!(*error as u8, number);
    }
    let texts: BTreeSet<_> = errors.iter().map(|error| error.text()).collect();
    assert_eq!(texts.len(), errors.len());
    assert!(!texts.contains(""));
}
