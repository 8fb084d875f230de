//! The bytes of a model: a header that says what follows, aligned little-endian arrays, a BLAKE3 hash over all of it.
//!
//! ```text
//! 0   8   magic "TRNYARD\n"
//! 8   4   format version (u32)           12  4  zero
//! 16  8   length of the header (u64)     24  8  length of the whole file (u64)
//! 32  …   header: JSON {"meta":{…},"arrays":[{"name","type","offset","count"}]}
//! …   …   arrays, each at a multiple of 64 bytes from the start, zeros between
//! end-32  BLAKE3 of everything before it
//! ```
//!
//! Nothing in a file can run. A reader checks size, hash, version, every offset and count before it believes anything.
//! Equal states give equal bytes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_estimators::{Array, State};

const MAGIC: &[u8; 8] = b"TRNYARD\n";
const VERSION: u32 = 1;
const PREFIX: usize = 32;
const HASH: usize = blake3::OUT_LEN;
const ALIGNMENT: usize = 64;
/// A header larger than this is not ours.
const MAX_HEADER: usize = 256 << 20;

/// Why bytes are not a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFileError {
    /// Another kind of file.
    #[error(
        "this is not a Trainyard model file (.tym); pickles, ONNX and archives cannot be read here"
    )]
    NotAModel,
    /// Written by a program that is newer than this one.
    #[error(
        "the model file has format version {0} and this program reads version {VERSION}; update the program"
    )]
    Version(u32),
    /// Cut short, changed, or made up.
    #[error("the model file is damaged ({0}); take another copy of it")]
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
struct Header {
    meta: Map<String, Value>,
    arrays: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    #[serde(rename = "type")]
    kind: ElementType,
    offset: u64,
    count: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ElementType {
    F64,
    F32,
    U64,
    U32,
    I32,
    U16,
    U8,
}

impl ElementType {
    fn of(array: &Array) -> (Self, usize) {
        match array {
            Array::F64(values) => (Self::F64, values.len()),
            Array::F32(values) => (Self::F32, values.len()),
            Array::U64(values) => (Self::U64, values.len()),
            Array::U32(values) => (Self::U32, values.len()),
            Array::I32(values) => (Self::I32, values.len()),
            Array::U16(values) => (Self::U16, values.len()),
            Array::U8(values) => (Self::U8, values.len()),
        }
    }

    fn size(self) -> usize {
        match self {
            Self::F64 | Self::U64 => 8,
            Self::F32 | Self::U32 | Self::I32 => 4,
            Self::U16 => 2,
            Self::U8 => 1,
        }
    }
}

/// Writes a state; the hash comes last.
pub fn write(state: &State) -> Vec<u8> {
    // Offsets are relative to the first array, so that the header's own length does not change them.
    let mut offset = 0;
    let mut entries = Vec::with_capacity(state.arrays.len());
    for (name, array) in &state.arrays {
        let (kind, count) = ElementType::of(array);
        entries.push(Entry {
            name: name.clone(),
            kind,
            offset: offset as u64,
            count: count as u64,
        });
        offset = (offset + count * kind.size()).next_multiple_of(ALIGNMENT);
    }
    let header = Header {
        meta: sorted(&state.meta),
        arrays: entries,
    };
    let header_bytes = serde_json::to_vec(&header).unwrap_or_default();
    let body = (PREFIX + header_bytes.len()).next_multiple_of(ALIGNMENT);
    let total = body + offset + HASH;

    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&0_u32.to_le_bytes());
    bytes.extend_from_slice(&(header_bytes.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&(total as u64).to_le_bytes());
    bytes.extend_from_slice(&header_bytes);
    for (entry, array) in header.arrays.iter().zip(state.arrays.values()) {
        bytes.resize(body + entry.offset as usize, 0);
        append(&mut bytes, array);
    }
    bytes.resize(body + offset, 0);
    let hash = blake3::hash(&bytes);
    bytes.extend_from_slice(hash.as_bytes());
    bytes
}

/// Reads a state; every claim of the file is checked first.
pub fn read(bytes: &[u8]) -> Result<State, ModelFileError> {
    let damaged = |what: &str| ModelFileError::Damaged(what.to_owned());
    if !bytes.starts_with(MAGIC) {
        return Err(ModelFileError::NotAModel);
    }
    if bytes.len() < PREFIX + HASH {
        return Err(damaged("cut short"));
    }
    let version = u32::from_le_bytes(word(bytes, 8)?);
    if version != VERSION {
        return Err(ModelFileError::Version(version));
    }
    if u64::from_le_bytes(word(bytes, 24)?) != bytes.len() as u64 {
        return Err(damaged("its size is not what it says"));
    }
    let (content, hash) = bytes.split_at(bytes.len() - HASH);
    if blake3::hash(content).as_bytes() != hash {
        return Err(damaged("its checksum does not match"));
    }
    let header_length = usize::try_from(u64::from_le_bytes(word(bytes, 16)?))
        .map_err(|_| damaged("header length"))?;
    if header_length > MAX_HEADER {
        return Err(damaged("header length"));
    }
    let header_bytes = content
        .get(PREFIX..PREFIX + header_length)
        .ok_or_else(|| damaged("header length"))?;
    let header: Header = serde_json::from_slice(header_bytes)
        .map_err(|error| ModelFileError::Damaged(error.to_string()))?;
    let body = content
        .get((PREFIX + header_length).next_multiple_of(ALIGNMENT)..)
        .unwrap_or_default();

    let mut state = State {
        meta: header.meta,
        ..State::default()
    };
    for entry in header.arrays {
        let array = array(body, &entry).ok_or_else(|| {
            ModelFileError::Damaged(format!("array '{}' lies outside the file", entry.name))
        })?;
        state.arrays.insert(entry.name, array);
    }
    Ok(state)
}

fn array(body: &[u8], entry: &Entry) -> Option<Array> {
    let start = usize::try_from(entry.offset).ok()?;
    let length = usize::try_from(entry.count)
        .ok()?
        .checked_mul(entry.kind.size())?;
    let bytes = body.get(start..start.checked_add(length)?)?;
    Some(match entry.kind {
        ElementType::F64 => Array::F64(decode(bytes, f64::from_le_bytes)),
        ElementType::F32 => Array::F32(decode(bytes, f32::from_le_bytes)),
        ElementType::U64 => Array::U64(decode(bytes, u64::from_le_bytes)),
        ElementType::U32 => Array::U32(decode(bytes, u32::from_le_bytes)),
        ElementType::I32 => Array::I32(decode(bytes, i32::from_le_bytes)),
        ElementType::U16 => Array::U16(decode(bytes, u16::from_le_bytes)),
        ElementType::U8 => Array::U8(bytes.to_vec()),
    })
}

fn decode<const SIZE: usize, T>(bytes: &[u8], read: fn([u8; SIZE]) -> T) -> Vec<T> {
    bytes
        .as_chunks::<SIZE>()
        .0
        .iter()
        .map(|chunk| read(*chunk))
        .collect()
}

fn append(bytes: &mut Vec<u8>, array: &Array) {
    match array {
        Array::F64(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::F32(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::U64(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::U32(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::I32(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::U16(values) => values
            .iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
        Array::U8(values) => bytes.extend_from_slice(values),
    }
}

/// Top-level keys in name order, so that equal states are equal bytes whatever order they were filled in.
fn sorted(meta: &Map<String, Value>) -> Map<String, Value> {
    let mut entries: Vec<_> = meta
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    entries.into_iter().collect()
}

fn word<const SIZE: usize>(bytes: &[u8], at: usize) -> Result<[u8; SIZE], ModelFileError> {
    let slice = bytes
        .get(at..at + SIZE)
        .and_then(|slice| slice.try_into().ok());
    slice.ok_or_else(|| ModelFileError::Damaged("cut short".to_owned()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
    use super::*;

    fn sample() -> State {
        State::default()
            .with_meta("zebra", 1)
            .with_meta("ape", "text")
            .with("weights", Array::F64(vec![1.5, f64::MAX, -0.0]))
            .with("codes", Array::U8(vec![1, 2, 3]))
            .with("empty", Array::U32(Vec::new()))
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&write(&sample())).unwrap().arrays, sample().arrays);
        assert_eq!(read(&write(&sample())).unwrap().meta["ape"], "text");
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_found() {
        let bytes = write(&sample());
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            assert!(
                read(&changed).is_err(),
                "a change at byte {at} went unnoticed"
            );
            assert!(
                read(&bytes[..at]).is_err(),
                "a cut at byte {at} went unnoticed"
            );
        }
    }

    #[test]
    fn a_header_with_a_valid_hash_but_wild_offsets_is_refused() {
        let mut bytes = write(&sample());
        let text = b"\"count\":3";
        let at = bytes
            .windows(text.len())
            .rposition(|window| window == text)
            .unwrap();
        bytes[at + text.len() - 1] = b'9';
        let end = bytes.len() - HASH;
        let hash = blake3::hash(&bytes[..end]);
        bytes[end..].copy_from_slice(hash.as_bytes());
        assert!(
            matches!(read(&bytes), Err(ModelFileError::Damaged(detail)) if detail.contains("weights"))
        );
    }

    #[test]
    fn other_files_are_named_as_such() {
        assert_eq!(read(b"\x80\x04\x95pickle"), Err(ModelFileError::NotAModel));
        assert_eq!(read(b""), Err(ModelFileError::NotAModel));
    }
}
