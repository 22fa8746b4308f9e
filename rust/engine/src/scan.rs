//! Runs of bytes of one kind, measured a machine word at a time.

const WORD: usize = size_of::<usize>();
const ONES: usize = usize::MAX / 0xff;
/// The top bit of each byte.
const TOPS: usize = every(0x80);

/// A word whose bytes all equal `byte`.
const fn every(byte: u8) -> usize {
    ONES.wrapping_mul(byte as usize)
}

/// The number of leading bytes greater than CR. CR, LF and NUL end the run; so do tabs, which are
/// rare.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    run_len(bytes, 0, |word| word.wrapping_sub(every(b'\r' + 1)) & !word & TOPS)
}

/// The length of the line at the front, its LF included. `None` without an LF.
#[inline(never)] // Saves flash.
pub(crate) fn line_len(bytes: &[u8]) -> Option<usize> {
    let len = run_len(bytes, every(b'\n'), |word| {
        let word = word ^ every(b'\n');
        word.wrapping_sub(ONES) & !word & TOPS
    });
    (len < bytes.len()).then(|| len.wrapping_add(1))
}

/// The number of leading letters and hyphens, the characters of most field names.
#[inline(never)] // Saves flash.
pub(crate) fn letters_len(bytes: &[u8]) -> usize {
    run_len(bytes, 0, |word| {
        let lower = word | every(0x20);
        let from_a = lower.wrapping_add(every(0x80 - b'a'));
        let past_z = lower.wrapping_add(every(0x7f - b'z'));
        let others = (word ^ every(b'-')).wrapping_add(every(0x7f));
        ((!from_a | past_z) & others | word) & TOPS
    })
}

/// The number of leading bytes that pass a test. `marks` sets the top bit of each byte of a word
/// that fails; bits above the first such byte are ignored. `end` pads the last word: its bytes must
/// fail.
#[inline(always)]
fn run_len(bytes: &[u8], end: usize, marks: impl Fn(usize) -> usize) -> usize {
    let mut len: usize = 0;
    let mut rest = bytes;
    loop {
        let mut word = end.to_ne_bytes();
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
