//! Mutants of seeds, the same in each run.

/// The tokens of the fuzzer.
const DICTIONARY: &str = include_str!("../../fuzz/http.dict");

/// An endless supply of mutants.
pub(crate) struct Mutants<'s> {
    seeds: &'s [&'s [u8]],
    tokens: Vec<Vec<u8>>,
    random: u64,
}

impl<'s> Mutants<'s> {
    pub(crate) fn new(seeds: &'s [&'s [u8]]) -> Self {
        Self { seeds, tokens: DICTIONARY.lines().filter_map(token).collect(), random: 1 }
    }

    /// A number below `limit`; 0 if there is none.
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random as usize).checked_rem(limit).unwrap_or(0)
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let start = self.below(input.len() + 1);
        let end = (start + self.below(12)).min(input.len());
        match self.below(6) {
            0 => drop(input.drain(start..end)),
            1 => input[start..end].fill(self.below(256) as u8),
            2 => input.extend_from_within(start..end),
            3 => {
                let other = self.seeds[self.below(self.seeds.len())];
                let from = self.below(other.len());
                input.splice(start.., other[from..].iter().copied());
            }
            _ => {
                let index = self.below(self.tokens.len());
                input.splice(start..start, self.tokens[index].iter().copied());
            }
        }
    }
}

impl Iterator for Mutants<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.seeds[self.below(self.seeds.len())].to_vec();
        for _ in 0..=self.below(4) {
            self.mutate(&mut input);
        }
        Some(input)
    }
}

/// The token of a line in libFuzzer's format: quoted, with `\xNN` for any byte.
fn token(line: &str) -> Option<Vec<u8>> {
    let text = line.strip_prefix('"')?.strip_suffix('"')?;
    let mut parts = text.split("\\x");
    let mut token = parts.next()?.as_bytes().to_vec();
    for part in parts {
        token.push(u8::from_str_radix(&part[..2], 16).unwrap());
        token.extend_from_slice(&part.as_bytes()[2..]);
    }
    Some(token)
}
