//! Files that are small on the way and huge unpacked. What a footer says of sizes decides nothing: the pages themselves are
//! walked before any is read, their own headers say what they unpack to, and those that are packed are unpacked once into
//! nothing, to see that they do not come to more. A file whose pages together swell too far is refused.

use super::{damaged, lying};
use crate::TableError;
use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;
use std::io::Read;

/// What any file may unpack to, in bytes.
const ALWAYS: u64 = 512 << 20;
/// How many times its size a larger one may unpack to. Tables of real life stay below a tenth of it.
const TIMES: u64 = 256;
/// How many cells any file may hold, and how many for each of its bytes: a run of equal cells takes next to none.
const CELLS_ALWAYS: u64 = 4 << 20;
const CELLS_A_BYTE: u64 = 128;
/// How deep structures in a page's header lie, with room to spare.
const DEPTH: usize = 8;

/// Walks all pages of a file of others.
pub(super) fn check<F: ChunkReader>(
    bytes: &F,
    metadata: &ParquetMetaData,
) -> Result<(), TableError> {
    let length = bytes.len();
    let rows = u64::try_from(metadata.file_metadata().num_rows()).map_err(|_| lying())?;
    let columns = metadata.file_metadata().schema_descr().num_columns() as u64;
    if rows.saturating_mul(columns) > CELLS_ALWAYS.max(length.saturating_mul(CELLS_A_BYTE)) {
        return Err(swollen());
    }
    let mut left = ALWAYS.max(length.saturating_mul(TIMES));
    for chunk in metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns())
    {
        let part = part(bytes, chunk).ok_or_else(lying)?;
        let mut pages = Input(&part);
        while !pages.0.is_empty() {
            let page = Page::read(&mut pages).ok_or_else(lying)?;
            left = left.checked_sub(page.unpacked as u64).ok_or_else(swollen)?;
            page.check(chunk.compression())?;
        }
    }
    Ok(())
}

/// The bytes of a column's pages.
fn part<F: ChunkReader>(bytes: &F, chunk: &ColumnChunkMetaData) -> Option<Bytes> {
    let data = chunk.data_page_offset();
    let start = chunk.dictionary_page_offset().unwrap_or(data).min(data);
    let start = u64::try_from(start).ok()?;
    let length = usize::try_from(chunk.compressed_size()).ok()?;
    let end = start.checked_add(length as u64)?;
    (end <= bytes.len())
        .then(|| bytes.get_bytes(start, length).ok())
        .flatten()
}

/// A page as its header describes it.
struct Page<'a> {
    /// Bytes once it is unpacked.
    unpacked: usize,
    /// What is packed of it.
    packed: &'a [u8],
    /// Bytes that stand before what is packed, as they are.
    plain: usize,
}

impl<'a> Page<'a> {
    /// The next one; nothing when its header cannot be read or says more than there is.
    fn read(input: &mut Input<'a>) -> Option<Self> {
        let mut sizes = [None; 2];
        let mut plain = 0;
        let mut packed = true;
        input.structure(&mut |id, kind, input| match id {
            2 | 3 => {
                let size = usize::try_from(input.whole()?).ok();
                *sizes.get_mut(usize::from(id == 3))? = size;
                size.map(|_| ())
            }
            // The second form of a page of values: its levels stand outside.
            8 if kind == STRUCTURE => input.structure(&mut |id, kind, input| match id {
                5 | 6 => {
                    plain += usize::try_from(input.whole()?).ok()?;
                    Some(())
                }
                7 => {
                    packed = kind == TRUE;
                    Some(())
                }
                _ => input.skip(kind, DEPTH),
            }),
            _ => input.skip(kind, DEPTH),
        })?;
        let [unpacked, length] = sizes;
        let body = input.take(length?)?;
        let unpacked = unpacked?;
        Some(Self {
            unpacked,
            packed: if packed { body.get(plain..)? } else { &[] },
            plain: plain.min(unpacked),
        })
    }

    /// Whether it unpacks to what its header says, or less.
    fn check(&self, way: Compression) -> Result<(), TableError> {
        let most = self.unpacked - self.plain;
        let honest = match way {
            Compression::SNAPPY if !self.packed.is_empty() => Input(self.packed)
                .number()
                .is_some_and(|length| length <= most as u64),
            Compression::ZSTD(_) if !self.packed.is_empty() => {
                let unpacking = zstd::Decoder::with_buffer(self.packed).map_err(damaged)?;
                let mut counted = unpacking.take(most as u64 + 1);
                let length = std::io::copy(&mut counted, &mut std::io::sink());
                length.map_err(damaged)? <= most as u64
            }
            // Others are not packed, or not read here.
            _ => true,
        };
        if honest { Ok(()) } else { Err(lying()) }
    }
}

const TRUE: u8 = 1;
const STRUCTURE: u8 = 12;

/// Bytes in the compact form that headers are written in. Nothing comes back where they end too early.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number that may be below zero.
    fn whole(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Calls `field` with the number and kind of each field of a structure; it takes the field's value.
    fn structure(&mut self, field: &mut dyn FnMut(i64, u8, &mut Self) -> Option<()>) -> Option<()> {
        let mut id = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            id = match head >> 4 {
                0 => self.whole()?,
                step => i64::checked_add(id, i64::from(step))?,
            };
            field(id, head & 0x0f, self)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        let deeper = depth.checked_sub(1)?;
        match kind {
            TRUE | 2 => {}
            3 => {
                self.byte()?;
            }
            4..=6 => {
                self.number()?;
            }
            7 => {
                self.take(8)?;
            }
            8 => {
                let length = self.number()?;
                self.take(usize::try_from(length).ok()?)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.number()?,
                    few => u64::from(few),
                };
                for _ in 0..count {
                    self.skip(element(head & 0x0f), deeper)?;
                }
            }
            STRUCTURE => self.structure(&mut |_, kind, input| input.skip(kind, deeper))?,
            _ => return None,
        }
        Some(())
    }
}

/// In lists a truth takes a byte, in structures it is its own kind.
fn element(kind: u8) -> u8 {
    if matches!(kind, TRUE | 2) { 3 } else { kind }
}

fn swollen() -> TableError {
    TableError::unreadable(
        "the Parquet file unpacks to far more than a table of its size should; write it again without columns that are empty or all the same, or upload it as CSV",
    )
}
