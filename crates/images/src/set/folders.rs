//! One folder a class: the folder a picture is in says what it shows.

use super::archive::{Archive, shown};
use super::{PictureSet, SetLimits, content};
use crate::frame::{Picture, byte};
use crate::{Grey, PictureError, decode, frame};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{Read, Seek};
use trainyard_table::{PictureContent, PictureShape};

/// Files read at a time, and the bytes of them.
const CHUNK: usize = 256;
const CHUNK_BYTES: usize = 64 << 20;
/// Pictures that decide about the form of all: those at even distances.
const LOOKED_AT: usize = 200;
/// The side of pictures that are learned from, unless all are of one size up to [`LARGEST`].
const SIDE: usize = 28;
const LARGEST: usize = 64;
/// Files that are named when they are left out.
const NAMED: usize = 20;
/// More classes than this are no classes.
const MOST_CLASSES: usize = 1_000;

pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    limits: &SetLimits,
) -> Result<PictureSet, PictureError> {
    let files = std::mem::take(&mut archive.files);
    let root = common_root(files.iter().map(|(_, name)| name.as_str()));
    let mut classes: BTreeMap<String, u32> = BTreeMap::new();
    for (_, name) in &files {
        let Some((class, _)) = name[root..].split_once('/') else {
            return Err(PictureError::set(format!(
                "'{}' is in no folder; put one folder for each class into the archive, named after what its pictures show",
                shown(name)
            )));
        };
        classes.insert(class.to_owned(), 0);
    }
    if classes.len() < 2 || classes.len() > MOST_CLASSES {
        return Err(PictureError::set(format!(
            "the archive has {} of pictures, and 2 to {MOST_CLASSES} are needed: one for each class",
            folders(classes.len())
        )));
    }
    for (place, number) in classes.values_mut().enumerate() {
        *number = place as u32;
    }
    let shape = form(archive, &files, limits)?;
    let most = limits.pixels / shape.pixels().max(1) as u64;
    if files.len() as u64 > most {
        return Err(PictureError::set(format!(
            "the archive has {} files, and at most {most} pictures of {} × {} pixels are learned from; leave some out",
            files.len(),
            shape.height,
            shape.width
        )));
    }
    let mut set = PictureSet {
        shape,
        classes: classes.keys().cloned().collect(),
        labels: Vec::new(),
        pixels: Vec::new(),
        left_out: Vec::new(),
        left_out_count: 0,
    };
    let mut first = None;
    let mut waiting = Vec::new();
    let mut held = 0;
    for (number, (place, name)) in files.iter().enumerate() {
        let bytes = archive.bytes(*place, limits.picture.bytes as u64)?;
        held += bytes.len();
        waiting.push((name, bytes));
        if waiting.len() < CHUNK && held < CHUNK_BYTES && number + 1 < files.len() {
            continue;
        }
        let pictures: Vec<_> = waiting
            .par_iter()
            .map(|(_, bytes)| picture(bytes, shape, limits))
            .collect();
        for ((name, _), found) in waiting.drain(..).zip(pictures) {
            match found {
                Ok(found) => {
                    let class = name[root..].split_once('/').map_or("", |(class, _)| class);
                    set.labels
                        .push(classes.get(class).copied().unwrap_or_default());
                    set.pixels.extend(found.pixels);
                }
                Err(error) => {
                    set.left_out_count += 1;
                    if set.left_out.len() < NAMED {
                        set.left_out.push(format!("{}: {error}", shown(name)));
                    }
                    first.get_or_insert(error);
                }
            }
        }
        held = 0;
    }
    // A class of which no picture could be read is none.
    let mut counts = vec![0_usize; set.classes.len()];
    set.labels
        .iter()
        .for_each(|label| counts[*label as usize] += 1);
    match (counts.iter().position(|count| *count == 0), first) {
        (Some(empty), Some(error)) => Err(PictureError::set(format!(
            "no picture in the folder '{}' can be read: {error}",
            shown(&set.classes[empty])
        ))),
        _ => Ok(set),
    }
}

fn folders(count: usize) -> String {
    match count {
        1 => "1 folder".to_owned(),
        count => format!("{count} folders"),
    }
}

/// A picture in the form of the set, as later ones are brought to it. Scenes that have that form already stay as they are.
fn picture(bytes: &[u8], shape: PictureShape, limits: &SetLimits) -> Result<Picture, PictureError> {
    let grey = decode(bytes, &limits.picture)?;
    let scene = shape.content == PictureContent::Scene;
    if scene && (grey.height(), grey.width()) == (shape.height, shape.width) {
        return Ok(as_it_is(&grey));
    }
    frame(&grey, shape)
}

fn as_it_is(grey: &Grey) -> Picture {
    Picture {
        height: grey.height(),
        width: grey.width(),
        pixels: grey.values().iter().map(|value| byte(*value)).collect(),
    }
}

/// The form of all pictures, by some of them.
fn form<R: Read + Seek>(
    archive: &mut Archive<R>,
    files: &[(usize, String)],
    limits: &SetLimits,
) -> Result<PictureShape, PictureError> {
    let step = files.len().div_ceil(LOOKED_AT).max(1);
    let mut seen = Vec::new();
    let mut first = None;
    for (place, _) in files.iter().step_by(step) {
        let bytes = archive.bytes(*place, limits.picture.bytes as u64)?;
        match decode(&bytes, &limits.picture) {
            Ok(grey) => seen.push(small(&grey)),
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    let Some((size, _)) = seen.first() else {
        return Err(first.unwrap_or(PictureError::Blank));
    };
    let one_size = seen.iter().all(|(own, _)| own == size);
    let (height, width) = match *size {
        (height, width) if one_size && height.max(width) <= LARGEST => (height, width),
        _ => (SIDE, SIDE),
    };
    let looked: Vec<u8> = seen
        .iter()
        .flat_map(|(_, picture)| &picture.pixels)
        .copied()
        .collect();
    let of_kind = content(&looked, SIDE, SIDE);
    // Dark ink on paper counts as ink too, once it is turned round; pictures of the final size are not.
    let turned: Vec<u8> = looked.iter().map(|value| 255 - value).collect();
    let final_size = one_size && height.max(width) <= LARGEST;
    let of_kind = match content(&turned, SIDE, SIDE) {
        PictureContent::Ink if !final_size => PictureContent::Ink,
        _ => of_kind,
    };
    Ok(PictureShape {
        height,
        width,
        content: of_kind,
    })
}

/// The size of a picture, and the picture at the usual one.
fn small(grey: &Grey) -> ((usize, usize), Picture) {
    (
        (grey.height(), grey.width()),
        as_it_is(&grey.resized(SIDE, SIDE)),
    )
}

/// Where the names of classes begin: behind the folders that hold everything.
fn common_root<'a>(names: impl Iterator<Item = &'a str> + Clone) -> usize {
    let mut root = 0;
    loop {
        let mut folders = names.clone().map(|name| name[root..].split_once('/'));
        let Some(Some((first, _))) = folders.next() else {
            return root;
        };
        // Its files have to be in folders of their own, or it is a class.
        let holds_all = names.clone().all(|name| {
            matches!(name[root..].split_once('/'), Some((folder, rest)) if folder == first && rest.contains('/'))
        });
        if !holds_all {
            return root;
        }
        root += first.len() + 1;
    }
}
