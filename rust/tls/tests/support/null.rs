//! A cipher suite without cryptography, so that the messages of a server can be scripted.
//!
//! Every hash is the same, hence every key and every Finished. The tag of a record consists of its
//! nonce and its header, and is checked.

use crate::guard::Guard;
use aes_gcm::aead::{
    self, AeadCore, AeadInPlace, Key, KeyInit, KeySizeUser, Nonce, Tag,
    generic_array::typenum::{U0, U12, U16, U32, U54, U64},
};
use embedded_tls::blocking::TlsCipherSuite;
use sha2::digest::core_api::BlockSizeUser;
use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Reset, Update};

/// The byte that every hash consists of, hence every key, nonce base and Finished.
pub(crate) const HASH: u8 = 0x42;

/// The suite. It has the number of TLS_AES_128_CCM_SHA256.
pub(crate) struct Null;

impl TlsCipherSuite for Null {
    const CODE_POINT: u16 = 0x1304;
    type Cipher = Guard<NullCipher>;
    type KeyLen = U16;
    type IvLen = U12;
    type Hash = NullHash;
    type LabelBufferSize = U54;
}

/// A hash that ignores its input.
#[derive(Clone, Default)]
pub(crate) struct NullHash;

impl HashMarker for NullHash {}

impl OutputSizeUser for NullHash {
    type OutputSize = U32;
}

impl BlockSizeUser for NullHash {
    type BlockSize = U64;
}

impl Update for NullHash {
    fn update(&mut self, _: &[u8]) {}
}

impl Reset for NullHash {
    fn reset(&mut self) {}
}

impl FixedOutput for NullHash {
    fn finalize_into(self, out: &mut Output<Self>) {
        out.fill(HASH);
    }
}

/// A cipher that changes nothing.
pub(crate) struct NullCipher;

impl KeySizeUser for NullCipher {
    type KeySize = U16;
}

impl KeyInit for NullCipher {
    fn new(_: &Key<Self>) -> Self {
        Self
    }
}

impl AeadCore for NullCipher {
    type NonceSize = U12;
    type TagSize = U16;
    type CiphertextOverhead = U0;
}

impl AeadInPlace for NullCipher {
    fn encrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        header: &[u8],
        _: &mut [u8],
    ) -> aead::Result<Tag<Self>> {
        Ok(tag(nonce, header).into())
    }

    fn decrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        header: &[u8],
        _: &mut [u8],
        given: &Tag<Self>,
    ) -> aead::Result<()> {
        if given.as_slice() == tag(nonce, header) { Ok(()) } else { Err(aead::Error) }
    }
}

fn tag(nonce: &[u8], header: &[u8]) -> [u8; 16] {
    let mut tag = [0; 16];
    let parts = nonce.iter().chain(header.iter().skip(1));
    tag.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
    tag
}

/// The tag of the record with this number under its keys.
pub(crate) fn tag_of(number: u64, header: [u8; 5]) -> [u8; 16] {
    let mut nonce = [HASH; 12];
    let number = number.to_be_bytes();
    nonce.iter_mut().skip(4).zip(number).for_each(|(byte, of_number)| *byte ^= of_number);
    tag(&nonce, &header)
}
