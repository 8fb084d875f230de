//! Distinct texts with a code each, in order of first appearance: how string columns are kept while a file is read.
//!
//! Texts lie end to end in one buffer, as Arrow wants them, so that nothing is copied at the end. The hash is seeded
//! anew in each process and never reaches a result.

use crate::TableError;
use arrow_array::StringArray;
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use hashbrown::DefaultHashBuilder;
use std::hash::BuildHasher;

/// A growing set of texts. An open-addressing table of `hash bits << 32 | code + 1`, 0 where free.
pub(crate) struct Dictionary {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    slots: Vec<u64>,
    hasher: DefaultHashBuilder,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            offsets: vec![0],
            slots: vec![0; 64],
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Dictionary {
    /// Number of distinct texts.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The text of a code below [`len`](Self::len). `text` must have been added as UTF-8.
    pub(crate) fn text(&self, code: usize) -> &[u8] {
        match self.offsets.get(code..code + 2) {
            Some(&[start, end]) => self
                .bytes
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// All texts by code; empty ones if some text was not UTF-8.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let all = std::str::from_utf8(&self.bytes).unwrap_or_default();
        let text = |ends: &[i32]| match ends {
            [start, end] => all.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => "",
        };
        self.offsets.windows(2).map(text)
    }

    /// The code of a text, new if it was not there.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when the distinct texts exceed 2 GiB.
    pub(crate) fn code(&mut self, text: &[u8]) -> Result<i32, TableError> {
        let hash = self.hasher.hash_one(text);
        let tag = hash & TAG;
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 32) as usize & mask;
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                break;
            }
            if entry & TAG == tag {
                let code = (entry & CODE) as usize - 1;
                if self.text(code) == text {
                    return Ok(code as i32);
                }
            }
            slot = (slot + 1) & mask;
        }
        self.insert(text, tag, slot)
    }

    #[cold]
    fn full() -> TableError {
        TableError::unreadable(
            "a column holds more than 2 GiB of different texts; leave it out or shorten it",
        )
    }

    fn insert(&mut self, text: &[u8], tag: u64, slot: usize) -> Result<i32, TableError> {
        let code = self.len();
        let end = i32::try_from(self.bytes.len() + text.len()).map_err(|_| Self::full())?;
        self.bytes.extend_from_slice(text);
        self.offsets.push(end);
        self.slots[slot] = tag | (code as u64 + 1);
        if (code + 1) * 2 > self.slots.len() {
            self.grow();
        }
        Ok(code as i32)
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        let mask = size - 1;
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        // The hash bits of an entry are the ones that choose its slot: no text is hashed again.
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            let mut slot = (entry >> 32) as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = entry;
        }
    }

    /// The texts as Arrow keeps them.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when a text is not UTF-8.
    pub(crate) fn into_array(self) -> Result<StringArray, TableError> {
        let Self {
            mut bytes,
            mut offsets,
            ..
        } = self;
        bytes.shrink_to_fit();
        offsets.shrink_to_fit();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        StringArray::try_new(offsets, Buffer::from_vec(bytes), None)
            .map_err(|error| TableError::unreadable(format!("a text is not readable: {error}")))
    }
}

/// Codes are below 2³¹, so that the low half of an entry holds one; the rest are hash bits to compare before the text.
const CODE: u64 = 0xffff_ffff;
const TAG: u64 = !CODE;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
    use super::*;

    #[test]
    fn codes_count_up_in_order_of_first_appearance() {
        let mut dictionary = Dictionary::default();
        let texts: Vec<String> = (0..5000)
            .map(|number| format!("v{}", number % 1237))
            .collect();
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(
                dictionary.code(text.as_bytes()).unwrap(),
                (index % 1237) as i32
            );
        }
        assert_eq!(dictionary.len(), 1237);
        assert_eq!(dictionary.text(1236), b"v1236");
        assert_eq!(dictionary.into_array().unwrap().value(3), "v3");
    }
}
