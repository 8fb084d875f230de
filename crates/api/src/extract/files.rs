//! Files taken as they arrive: as the whole body, or as the parts `file` of a form.

use std::time::Duration;

use axum::body::BodyDataStream;
use axum::extract::Request;
use axum::http::header;
use bytes::Bytes;
use futures_util::StreamExt;
use multer::{Field, Multipart};

use crate::Patience;
use crate::problem::{Code, Problem};

/// The longest separator of a form's parts that is looked for (RFC 2046 allows 70).
const LONGEST_BOUNDARY: usize = 70;
/// How many other parts may stand between the files.
const MOST_PARTS: usize = 16;

/// The files of a request, one after the other. One of them is being read.
pub(crate) struct Files {
    source: Source,
    /// How long its next piece may take.
    patience: Duration,
}

enum Source {
    Body {
        stream: Box<BodyDataStream>,
        /// Whether it is being read.
        begun: bool,
    },
    Form {
        form: Box<Multipart<'static>>,
        part: Option<Field<'static>>,
        /// Other parts that may still stand between.
        parts_left: usize,
    },
}

impl Files {
    fn of(request: Request) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let patience = request.extensions().get::<Patience>().copied();
        let patience = patience.unwrap_or_default().piece;
        let is_form = |kind: &&str| kind.to_ascii_lowercase().starts_with("multipart/");
        let boundary = kind.filter(is_form).map(boundary).transpose()?;
        let stream = request.into_body().into_data_stream();
        let source = match boundary {
            None => Source::Body {
                stream: Box::new(stream),
                begun: false,
            },
            Some(boundary) => Source::Form {
                form: Box::new(Multipart::new(stream, boundary)),
                part: None,
                parts_left: MOST_PARTS,
            },
        };
        Ok(Self { source, patience })
    }

    /// Goes on to the next file, passing over what was not read of the one before; whether there is one.
    pub(crate) async fn advance(&mut self) -> Result<bool, Problem> {
        match &mut self.source {
            Source::Body { begun, .. } => Ok(!std::mem::replace(begun, true)),
            Source::Form {
                form,
                part,
                parts_left,
            } => loop {
                // The form goes on only when nobody holds its part.
                *part = None;
                let next = tokio::time::timeout(self.patience, form.next_field());
                let next = next.await.map_err(|_| stopped_arriving())?;
                match next.map_err(|_| no_form())? {
                    None => return Ok(false),
                    Some(next) if next.name() == Some("file") => {
                        *part = Some(next);
                        return Ok(true);
                    }
                    Some(_) if *parts_left > 0 => *parts_left -= 1,
                    Some(_) => return Err(no_form()),
                }
            },
        }
    }

    /// The next bytes of the file, or nothing at its end.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        let piece = async {
            match &mut self.source {
                Source::Body { stream, .. } => {
                    stream.next().await.transpose().map_err(|_| broken())
                }
                Source::Form {
                    part: Some(part), ..
                } => part.chunk().await.map_err(|_| no_form()),
                Source::Form { part: None, .. } => Ok(None),
            }
        };
        match tokio::time::timeout(self.patience, piece).await {
            Ok(piece) => piece,
            Err(_) => Err(stopped_arriving()),
        }
    }

    /// The name the file has in the form.
    pub(crate) fn file_name(&self) -> Option<String> {
        match &self.source {
            Source::Form {
                part: Some(part), ..
            } => part.file_name().map(str::to_owned),
            _ => None,
        }
    }

    /// Reads on without keeping anything, within reason: a client that still sends would otherwise see a broken
    /// connection instead of the answer.
    async fn let_pass(mut self) {
        const LONGEST: Duration = Duration::from_secs(20);
        const MOST: usize = 512 << 20;
        let rest = async {
            let mut passed = 0;
            loop {
                while let Ok(Some(piece)) = self.piece().await {
                    passed += piece.len();
                    if passed > MOST {
                        return;
                    }
                }
                if !matches!(self.advance().await, Ok(true)) {
                    return;
                }
            }
        };
        // Either way there is nothing left to do.
        let _ = tokio::time::timeout(LONGEST, rest).await;
    }
}

/// Gives `take` the files that a request carries, standing at the first, and lets what is left of them pass when they
/// were refused.
pub(crate) async fn with_files<T>(
    request: Request,
    take: impl AsyncFnOnce(&mut Files) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut files = Files::of(request)?;
    if !files.advance().await? {
        return Err(no_form());
    }
    let taken = take(&mut files).await;
    if taken.is_err() {
        files.let_pass().await;
    }
    taken
}

/// What separates the parts of a form.
fn boundary(kind: &str) -> Result<String, Problem> {
    let boundary = multer::parse_boundary(kind).ok();
    boundary
        .filter(|boundary| (1..=LONGEST_BOUNDARY).contains(&boundary.len()))
        .ok_or_else(|| {
            Problem::new(
                Code::BadRequest,
                "The form's boundary is missing or longer than 70 characters.",
            )
        })
}

fn no_form() -> Problem {
    Problem::new(
        Code::BadRequest,
        "Send the file as the body, or multipart/form-data with a part named file.",
    )
}

fn stopped_arriving() -> Problem {
    Problem::new(Code::Timeout, "The file stopped arriving. Try again.")
}

fn broken() -> Problem {
    Problem::new(
        Code::BadRequest,
        "The file did not arrive whole. Try again.",
    )
}
