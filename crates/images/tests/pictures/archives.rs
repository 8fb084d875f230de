//! Sets of pictures: folders, pairs of IDX files, and what a table of them looks like.

use crate::sheets::Sheet;
use crate::{archive, fixture, sheet};
use std::io::Cursor;
use trainyard_images::set::LABEL;
use trainyard_images::{PictureError, PictureSet, SetLimits};
use trainyard_table::{Kind, PictureContent};

/// A file in an archive: its name and its bytes.
type File<'a> = (&'a str, &'a [u8]);

fn read(bytes: &[u8]) -> Result<PictureSet, PictureError> {
    PictureSet::read(Cursor::new(bytes), &SetLimits::default())
}

fn detail(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

/// A small picture with a mark of this brightness.
fn small(value: u8) -> Vec<u8> {
    let mark = |row: usize, column: usize| column == 3 && (1..5).contains(&row);
    Sheet::of(
        8,
        6,
        |row, column| if mark(row, column) { value } else { 0 },
    )
    .png()
}

/// An IDX file of these sizes.
fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut all = vec![0, 0, 8, sizes.len() as u8];
    all.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    all.extend_from_slice(bytes);
    all
}

#[test]
fn folders_are_classes() {
    let (one, two) = (small(200), small(100));
    let bytes = archive(&[
        ("pets/cat/a.png", &one),
        ("pets/dog/b.png", &two),
        ("pets/cat/c.PNG", &two),
        ("pets/.DS_Store", b"x"),
        ("__MACOSX/pets/cat/._a.png", b"x"),
        ("pets/dog/notes.txt", b"these are dogs"),
    ]);
    let set = read(&bytes).unwrap();
    assert_eq!(set.classes, ["cat", "dog"]);
    assert_eq!(set.labels, [0, 1, 0]);
    assert_eq!((set.shape.height, set.shape.width), (6, 8));
    assert_eq!(set.shape.content, PictureContent::Ink);
    assert_eq!(set.left_out_count, 1);
    assert!(set.left_out[0].contains("notes.txt"), "{:?}", set.left_out);
    let table = set.table().unwrap();
    assert_eq!((table.rows(), table.columns().len()), (3, 49));
    assert_eq!(table.column("pixel_1_3").unwrap().number(1), Some(255.0));
    let label = table.column(LABEL).unwrap();
    assert_eq!((label.kind(), label.text(1)), (Kind::Category, Some("dog")));
    assert_eq!(set.picture(1).unwrap().pixels[8 + 3], 255);
    assert_eq!(set.picture(3), None);
}

#[test]
fn pictures_of_many_sizes_get_one() {
    let (one, two) = (fixture("plain.jpg"), sheet().times(2).png());
    let set = read(&archive(&[("l/1.jpg", &one), ("x/1.png", &two)])).unwrap();
    assert_eq!((set.shape.height, set.shape.width), (28, 28));
    assert_eq!(set.shape.content, PictureContent::Ink);
    let pictures = (set.picture(0).unwrap(), set.picture(1).unwrap());
    assert!(crate::apart(&pictures.0, &pictures.1) < 0.15);
}

#[test]
fn scenes_are_shown_whole() {
    let scene =
        |shift: usize| Sheet::of(90, 70, |row, column| ((column + shift) * 2 + row) as u8).png();
    let set = read(&archive(&[("a/1.png", &scene(0)), ("b/1.png", &scene(9))])).unwrap();
    assert_eq!(set.shape.content, PictureContent::Scene);
    assert_eq!(set.len(), 2);
}

#[test]
fn an_idx_pair_is_a_set() {
    let pixels: Vec<u8> = (0..3 * 4 * 5).map(|value| value as u8).collect();
    let pictures = idx(&[3, 4, 5], &pixels);
    let labels = idx(&[3], &[7, 1, 7]);
    let set = read(&archive(&[("p", &pictures), ("l", &labels)])).unwrap();
    assert_eq!(set.classes, ["1", "7"]);
    assert_eq!(set.labels, [1, 0, 1]);
    assert_eq!((set.shape.height, set.shape.width), (4, 5));
    assert_eq!(set.pixels, pixels);
    let cases: [(&[File], &str); 6] = [
        (&[("p", &pictures)], "one of a pair"),
        (
            &[("p", &pictures), ("q", &pictures), ("l", &labels)],
            "more than one pair",
        ),
        (
            &[("p", &pictures), ("l", &idx(&[2], &[1, 2]))],
            "do not belong together",
        ),
        (&[("p", &pictures[..60]), ("l", &labels)], "cut short"),
        (
            &[
                ("p", &idx(&[u32::MAX, 28, 28], &[])),
                ("l", &idx(&[u32::MAX], &[])),
            ],
            "cut short",
        ),
        (
            &[("p", &idx(&[3, 0, 5], &[])), ("l", &labels)],
            "cannot be learned from",
        ),
    ];
    for (files, words) in cases {
        let said = detail(&archive(files));
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn what_is_no_set_is_said() {
    let picture = small(90);
    let cases: [(&[File], &str); 5] = [
        (&[], "empty"),
        (&[("a.png", &picture)], "in no folder"),
        (&[("a/1.png", &picture)], "1 folder of"),
        (
            &[("a/1.png", b"no picture"), ("b/1.png", b"nor this")],
            "this is a text",
        ),
        (
            &[("a/1.png", &picture), ("b/1.png", b"text")],
            "in the folder 'b'",
        ),
    ];
    for (files, words) in cases {
        let said = detail(&archive(files));
        assert!(said.contains(words), "{said}");
    }
    for bytes in [&b"PK\x03\x04"[..], b"", b"PK\x05\x06 and so on"] {
        assert!(detail(bytes).contains("damaged"), "{bytes:?}");
    }
}
