//! What can be wrong with a picture or a set of them, by meaning. Texts are for the person who brought it: what happened,
//! and what to do.

/// Why a file is no picture, or a picture not one that can be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes.
    #[error("the file is empty; choose a picture")]
    Empty,
    /// Not a format that is read.
    #[error(
        "this is {what}, and pictures are read as PNG, JPEG, GIF, WebP or BMP; save it as one of those"
    )]
    Unknown {
        /// What it looks like ("an SVG drawing").
        what: &'static str,
    },
    /// More bytes than allowed.
    #[error("the picture has more than {limit} bytes; make it smaller or save it as JPEG")]
    TooManyBytes {
        /// Bytes allowed.
        limit: usize,
    },
    /// More pixels than allowed.
    #[error(
        "the picture is {width} × {height} pixels, and at most {limit} pixels are read; make it smaller"
    )]
    TooManyPixels {
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// Pixels allowed.
        limit: u64,
    },
    /// It would take too long.
    #[error("the picture is built up in too many layers; save it again as PNG or plain JPEG")]
    TooManyLayers,
    /// It ends early or contradicts itself.
    #[error("the picture is damaged or cut short ({detail}); save or send it again")]
    Damaged {
        /// What the reader met.
        detail: String,
    },
    /// Another file is hidden in it.
    #[error("the file is a picture and {what} at once; save the picture alone")]
    TwoFiles {
        /// What else it is ("a zip archive").
        what: &'static str,
    },
    /// Nothing is drawn on it.
    #[error(
        "nothing stands out on the picture; draw or photograph something darker or brighter than its background"
    )]
    Blank,
    /// Strokes that are none.
    #[error("{detail}")]
    Drawing {
        /// What is wrong and what to do.
        detail: String,
    },
    /// A set that cannot be read.
    #[error("{detail}")]
    Set {
        /// What is wrong and what to do.
        detail: String,
    },
}

impl PictureError {
    pub(crate) fn damaged(detail: impl std::fmt::Display) -> Self {
        Self::Damaged {
            detail: detail.to_string().chars().take(200).collect(),
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unknown { .. } => "unknown_format",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooManyLayers => "too_many_layers",
            Self::Damaged { .. } => "damaged",
            Self::TwoFiles { .. } => "two_files",
            Self::Blank => "blank",
            Self::Drawing { .. } => "drawing",
            Self::Set { .. } => "set",
        }
    }

    pub(crate) fn set(detail: impl Into<String>) -> Self {
        Self::Set {
            detail: detail.into(),
        }
    }
}
