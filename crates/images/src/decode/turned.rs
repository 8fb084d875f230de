//! How a camera was held: the one thing that is read from EXIF.

/// The tag of the orientation, and the type its value has.
const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;
/// Entries that are looked through.
const MOST_ENTRIES: u16 = 512;

/// The orientation an EXIF block tells, 1 to 8.
pub(super) fn told(exif: &[u8]) -> Option<u8> {
    let block = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let little = match block.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let own: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(own)
        } else {
            u16::from_be_bytes(own)
        })
    };
    let own: [u8; 4] = block.get(4..8)?.try_into().ok()?;
    let directory = if little {
        u32::from_le_bytes(own)
    } else {
        u32::from_be_bytes(own)
    } as usize;
    let entries = short(directory)?.min(MOST_ENTRIES);
    let entry = (0..usize::from(entries))
        .map(|number| directory + 2 + 12 * number)
        .find(|at| short(*at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))?;
    u8::try_from(short(entry + 8)?)
        .ok()
        .filter(|told| (1..=8).contains(told))
}

/// What brings such a picture upright: mirrored left to right, then turned clockwise by quarters.
pub(super) fn back(orientation: u8) -> (bool, u8) {
    match orientation {
        2 => (true, 0),
        3 => (false, 2),
        4 => (true, 2),
        5 => (true, 3),
        6 => (false, 1),
        7 => (true, 1),
        8 => (false, 3),
        _ => (false, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An EXIF block of one entry.
    fn block(little: bool, value: u16) -> Vec<u8> {
        let short = |value: u16| {
            if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let long = |value: u32| {
            if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let mut block = if little {
            b"II".to_vec()
        } else {
            b"MM".to_vec()
        };
        block.extend(short(42));
        block.extend(long(8));
        block.extend([short(1), short(ORIENTATION), short(SHORT)].concat());
        block.extend(long(1));
        block.extend([short(value), short(0)].concat());
        block
    }

    #[test]
    fn an_orientation_is_read_in_both_orders_of_bytes() {
        for little in [true, false] {
            for value in 1..=8 {
                assert_eq!(told(&block(little, value)), Some(value as u8));
                assert_eq!(
                    told(&[b"Exif\0\0", block(little, value).as_slice()].concat()),
                    Some(value as u8)
                );
            }
            assert_eq!(told(&block(little, 9)), None);
            for cut in 0..block(little, 6).len() - 2 {
                assert_eq!(told(&block(little, 6)[..cut]), None, "cut to {cut}");
            }
        }
        assert_eq!(told(b"II*\0\xff\xff\xff\xff"), None);
    }
}
