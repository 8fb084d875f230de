//! Answers as a zip archive, packed while they are sent: memory holds a few pieces, whatever their size.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{BatchResult, Batches};
use crate::caller::Caller;
use crate::error::Result;
use uuid::Uuid;

/// Bytes sent at once, and how many such pieces may wait.
const PIECE: usize = 256 << 10;
const WAITING: usize = 4;

/// An archive on its way out.
#[derive(Debug)]
pub struct ZippedResult {
    /// What to call it.
    pub name: String,
    pieces: mpsc::Receiver<io::Result<Bytes>>,
}

impl ZippedResult {
    /// Its bytes, piece by piece; an error when it could not be packed whole.
    pub fn into_pieces(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let mut pieces = self.pieces;
        stream::poll_fn(move |context| pieces.poll_recv(context))
    }
}

impl Batches<'_> {
    /// The answers of a batch as a zip archive of one file.
    ///
    /// # Errors
    /// Those of [`Batches::result`].
    pub async fn zipped_result(&self, caller: &Caller, id: Uuid) -> Result<ZippedResult> {
        let BatchResult { file, name, .. } = self.result(caller, id).await?;
        let stem = crate::datasets::upload::stem(&name);
        let archive = format!("{stem}.zip");
        let (sender, pieces) = mpsc::channel(WAITING);
        // Ends by itself when nobody takes pieces any more.
        tokio::task::spawn_blocking(move || {
            if let Err(error) = pack(file, &name, &sender) {
                let _ = sender.blocking_send(Err(error));
            }
        });
        Ok(ZippedResult {
            name: archive,
            pieces,
        })
    }
}

fn pack(mut file: File, name: &str, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let pieces = Pieces {
        sender,
        held: Vec::with_capacity(PIECE),
    };
    let mut archive = ZipWriter::new_stream(pieces);
    let options = SimpleFileOptions::default().large_file(true);
    archive.start_file(name, options)?;
    io::copy(&mut file, &mut archive)?;
    archive.finish()?.flush()
}

/// Gathers bytes into pieces and sends them.
struct Pieces<'a> {
    sender: &'a mpsc::Sender<io::Result<Bytes>>,
    held: Vec<u8>,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.blocking_send(Ok(piece.into())).map_err(gone)
    }
}
