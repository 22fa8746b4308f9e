//! httparse and llhttp at the same work.

use std::ffi::{c_char, c_int};

use crate::BLOCK;

unsafe extern "C" {
    fn micro_llhttp_head(head: *const c_char, len: usize) -> usize;
    fn micro_llhttp_start_body(to: *mut c_char);
    fn micro_llhttp_body(piece: *const c_char, len: usize) -> c_int;
}

pub fn httparse_head(head: &[u8]) -> usize {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut fields);
    match response.parse(head) {
        Ok(httparse::Status::Complete(_)) => response.headers.len(),
        _ => 0,
    }
}

pub fn llhttp_head(head: &[u8]) -> usize {
    // SAFETY: it reads so many bytes.
    unsafe { micro_llhttp_head(head.as_ptr().cast(), head.len()) }
}

/// Finds the chunks of a body that is in memory as a whole, and copies their content.
pub fn httparse_body(body: &[u8], content: &mut [u8]) -> usize {
    let mut rest = body;
    let mut got = 0;
    while let Ok(httparse::Status::Complete((start, size @ 1..))) = httparse::parse_chunk_size(rest)
    {
        let size = size as usize;
        content[got..got + size].copy_from_slice(&rest[start..start + size]);
        got += size;
        rest = &rest[start + size + 2..];
    }
    got
}

/// Receives a body block by block, and copies its content; gives whether it is well-formed.
pub fn llhttp_body(body: &[u8], content: &mut [u8]) -> bool {
    assert!(content.len() >= body.len());
    // SAFETY: what is decoded below is shorter than the body, and the content has room for that.
    unsafe { micro_llhttp_start_body(content.as_mut_ptr().cast()) }
    let mut received = [0; BLOCK];
    body.chunks(BLOCK).all(|block| {
        let piece = &mut received[..block.len()];
        piece.copy_from_slice(block);
        // SAFETY: it reads so many bytes.
        unsafe { micro_llhttp_body(piece.as_ptr().cast(), piece.len()) != 0 }
    })
}
