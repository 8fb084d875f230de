//! Files that people name on the command line: read, sniffed and written with errors that name them.

#![expect(
    clippy::disallowed_methods,
    reason = "the command line is one of the two places that touch files"
)]

use crate::failure::Failure;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use trainyard_images::{PictureSet, SetLimits, is_archive};
use trainyard_table::{
    Format, Note, PictureShape, ReadOptions, RowSource, Table, is_workbook, write_parquet,
};

/// Bytes that tell an archive of pictures from a workbook, which is one too.
const HEAD: u64 = 64;

/// A table that was read.
pub(crate) struct TableFile {
    pub(crate) table: Table,
    pub(crate) notes: Vec<Note>,
    /// How its columns make pictures.
    pub(crate) pictures: Option<PictureShape>,
}

/// Reads a table, or an archive of pictures as one; the file's name is part of every error.
pub(crate) fn read_table(path: &Path, options: &ReadOptions) -> Result<TableFile, Failure> {
    let (mut file, name) = open(path)?;
    let mistake =
        |error: &dyn std::fmt::Display| Failure::mistake(format!("{}: {error}", path.display()));
    if holds_pictures(&mut file).map_err(|error| unreadable(path, &error))? {
        let set = PictureSet::read(file, &SetLimits::default()).map_err(|error| mistake(&error))?;
        return Ok(TableFile {
            table: set.table().map_err(|error| mistake(&error))?,
            notes: left_out(&set),
            pictures: Some(set.shape),
        });
    }
    let read = trainyard_table::read(file, &name, options).map_err(|error| mistake(&error))?;
    if options.sheet.is_some() && read.format != Format::Xlsx {
        return Err(mistake(
            &"this is no workbook and has no sheets; leave --sheet out",
        ));
    }
    Ok(TableFile {
        table: read.table,
        notes: read.notes,
        pictures: None,
    })
}

/// Rows to be answered: a file as it stands, or what the pictures of an archive come to.
pub(crate) fn rows(path: &Path) -> Result<(RowSource, String), Failure> {
    let (mut file, name) = open(path)?;
    if !holds_pictures(&mut file).map_err(|error| unreadable(path, &error))? {
        return Ok((RowSource::File(file), name));
    }
    let table = read_table(path, &ReadOptions::default())?.table;
    let mut bytes = Vec::new();
    write_parquet(&table, &mut bytes)
        .map_err(|error| Failure::fault(format!("{}: {error}", path.display())))?;
    Ok((RowSource::bytes(bytes), String::new()))
}

/// Opens a file, and tells its name without the folders.
fn open(path: &Path) -> Result<(File, String), Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::mistake(format!(
            "{}: this is a folder; name a file",
            path.display()
        )));
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((file, name))
}

/// Whether a file is an archive, and no workbook; it is left at its beginning.
fn holds_pictures(file: &mut File) -> std::io::Result<bool> {
    let mut head = Vec::new();
    Read::by_ref(file).take(HEAD).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(is_archive(&head) && !is_workbook(&head))
}

fn left_out(set: &PictureSet) -> Vec<Note> {
    let of_file = |detail: &String| Note {
        code: "left_out".to_owned(),
        column: None,
        detail: format!("left out {detail}"),
    };
    set.left_out.iter().map(of_file).collect()
}

/// Reads a whole file.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

/// BLAKE3 of a file, as it is named in a model's lineage.
pub(crate) fn hash(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut file, &mut hasher).map_err(|error| unreadable(path, &error))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::mistake(format!("{}: cannot be written: {error}", path.display()))
    };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        // What could not be finished is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&partial);
        unwritable(error)
    })
}

/// Has a file written piece by piece so that it is there whole or not at all.
pub(crate) fn stream_atomically<T>(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::mistake(format!("{}: cannot be written: {error}", path.display()))
    };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let mut file = File::create(&partial).map_err(unwritable)?;
    let written = write(&mut file).and_then(|written| {
        let kept = file.sync_all();
        let kept = kept.and_then(|()| std::fs::rename(&partial, path));
        kept.map(|()| written).map_err(unwritable)
    });
    written.inspect_err(|_| {
        // What could not be finished is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&partial);
    })
}

/// Refuses early what could not be written after minutes of work.
pub(crate) fn check_writable(path: &Path) -> Result<(), Failure> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(Failure::mistake(format!(
            "{}: this is a folder; name a file to write",
            path.display()
        )));
    }
    if folder.is_dir() {
        Ok(())
    } else {
        Err(Failure::mistake(format!(
            "{}: the folder does not exist; make it first",
            folder.display()
        )))
    }
}

/// Refuses to write over what is there.
pub(crate) fn check_absent(path: &Path) -> Result<(), Failure> {
    // A link that leads nowhere is something that is there too.
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Failure::mistake(format!(
        "{}: there is such a file already; name another, or remove it first",
        path.display()
    )))
}

/// Refuses a data folder that nobody has served from; `with_database` when the database is a file in it.
pub(crate) fn check_data(folder: &Path, with_database: bool) -> Result<(), Failure> {
    let there = if with_database {
        folder.join("trainyard.db").is_file()
    } else {
        folder.is_dir()
    };
    if there {
        return Ok(());
    }
    Err(Failure::mistake(format!(
        "{}: there is no Trainyard here; name its folder with --data, and its database with --database-url when that is on a server",
        folder.display()
    )))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::mistake(format!("{}: cannot be read: {error}", path.display()))
}
