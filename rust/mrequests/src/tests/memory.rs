use mrequests_engine::Error;
use mrequests_engine::sink::{Buffer, Sink};

use super::heap::Heap;
use super::seen;
use crate::memory::GcBuf;

fn written(buf: &GcBuf) -> &str {
    str::from_utf8(buf.as_slice()).expect("the tests write UTF-8")
}

#[test]
fn lends_nothing() {
    let nothing = micropython_sys::mrq_bytes_t { data: core::ptr::null(), len: 0 };
    assert_eq!(seen(nothing), "");
}

#[test]
fn grows() {
    let heap = Heap::new();
    let mut buf = GcBuf::new();
    assert_eq!(written(&buf), "");
    for _ in 0..100 {
        buf.put(b"0123456789").unwrap();
    }
    assert_eq!(written(&buf), "0123456789".repeat(100));
    buf.truncate(5);
    buf.truncate(50);
    assert_eq!(written(&buf), "01234");
    assert_eq!(heap.blocks(), 1);
    buf.free();
    assert_eq!(heap.blocks(), 0);
    assert_eq!(written(&buf), "");
}

#[test]
fn takes_the_exact_size_where_memory_is_short() {
    let heap = Heap::limited(usize::MAX, 150);
    let mut buf = GcBuf::new();
    buf.put(&[b'a'; 100]).unwrap();
    buf.put(&[b'a'; 50]).unwrap();
    assert!(heap.has_failed());
    assert_eq!(buf.put(b"a"), Err(Error::NoRoom));
    assert_eq!(buf.reserve(usize::MAX), Err(Error::NoRoom));
    assert_eq!(written(&buf), "a".repeat(150));
}

#[cfg(feature = "tls")]
#[test]
fn is_resized_with_zeros() {
    let _heap = Heap::new();
    let mut buf = GcBuf::new();
    assert_eq!(buf.as_mut_slice(), []);
    buf.put(b"content").unwrap();
    assert_eq!(buf.resize(3).unwrap(), [0; 3]);
    buf.as_mut_slice()[0] = 1;
    assert_eq!(buf.leak(), [1, 0, 0]);
    assert_eq!(GcBuf::new().leak(), []);
}
