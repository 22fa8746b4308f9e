//! Runs of bytes of one kind, measured a machine word at a time.

const WORD: usize = size_of::<usize>();
const ONES: usize = usize::MAX / 0xff;
/// The top bit of each byte.
const TOPS: usize = every(0x80);

/// A word of equal bytes.
const fn every(byte: u8) -> usize {
    ONES.wrapping_mul(byte as usize)
}

/// How many bytes at the front are above CR. All that ends a line or is forbidden in one is
/// not; neither are tabs, which are rare.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    run_len(bytes, |word| word.wrapping_sub(every(b'\r' + 1)) & !word & TOPS)
}

/// How many bytes at the front are letters or hyphens, which is what most names are made of.
#[inline(never)] // For flash.
pub(crate) fn letters_len(bytes: &[u8]) -> usize {
    run_len(bytes, |word| {
        let lower = word | every(0x20);
        let from_a = lower.wrapping_add(every(0x80 - b'a'));
        let past_z = lower.wrapping_add(every(0x7f - b'z'));
        let others = (word ^ every(b'-')).wrapping_add(every(0x7f));
        ((!from_a | past_z) & others | word) & TOPS
    })
}

/// How many bytes at the front pass, looked at word by word. `marks` gives the top bit of each
/// byte of a word that does not pass, right up to the first of them; NUL never passes.
#[inline(always)]
fn run_len(bytes: &[u8], marks: impl Fn(usize) -> usize) -> usize {
    let mut len: usize = 0;
    let mut rest = bytes;
    loop {
        let mut word = [0; WORD];
        if let Some((first, after)) = rest.split_first_chunk() {
            (word, rest) = (*first, after);
        } else {
            word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        }
        let marks = marks(usize::from_le_bytes(word));
        if marks != 0 {
            return len.wrapping_add(marks.trailing_zeros() as usize / 8);
        }
        len = len.wrapping_add(WORD);
    }
}
