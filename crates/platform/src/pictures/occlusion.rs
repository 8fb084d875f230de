//! Which parts of a picture an answer rests on: each is covered in turn, and what the answer loses by it is what the part
//! was worth (Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks").

use serde::Serialize;
use trainyard_estimators::Prediction;
use trainyard_images::Picture;
use trainyard_table::PictureContent;
use trainyard_training::FittedModel;

use super::table;
use crate::error::Result;

/// How many parts a picture is divided into, each way.
const PARTS: usize = 7;

/// What the parts of a picture were worth to its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Occlusion {
    /// Row by row from the top left, a number for each part: by how much the answered class becomes less probable, or the
    /// answered number smaller, when the part is covered. Below nothing, the part spoke against the answer.
    pub effects: Vec<Vec<f64>>,
}

/// Covers one part after another.
///
/// # Errors
/// Only our own.
pub(super) fn occlusion(
    model: &FittedModel,
    picture: &Picture,
    content: PictureContent,
) -> Result<Occlusion> {
    let cover = cover(picture, content);
    let (rows, columns) = (parts(picture.height), parts(picture.width));
    let mut pictures = vec![picture.clone()];
    for row in &rows {
        for column in &columns {
            let mut covered = picture.clone();
            for line in row.clone() {
                let line = line * picture.width;
                let pixels = covered
                    .pixels
                    .get_mut(line + column.start..line + column.end);
                pixels
                    .into_iter()
                    .flatten()
                    .for_each(|pixel| *pixel = cover);
            }
            pictures.push(covered);
        }
    }
    let prediction = model.predict(&table(model, &pictures)?);
    let class = prediction
        .labels()
        .and_then(|labels| Some(*labels.first()? as usize));
    let values: Vec<f64> = match &prediction {
        Prediction::Values(values) => values.clone(),
        Prediction::Classes {
            probabilities,
            classes,
        } => probabilities
            .chunks_exact((*classes).max(1))
            .filter_map(|row| row.get(class?).copied())
            .collect(),
    };
    let whole = values.first().copied().unwrap_or_default();
    let effects: Vec<f64> = values.iter().skip(1).map(|value| whole - value).collect();
    Ok(Occlusion {
        effects: effects
            .chunks(columns.len().max(1))
            .map(<[f64]>::to_vec)
            .collect(),
    })
}

/// What lies over a part: the even background of something drawn, the mean of a scene.
fn cover(picture: &Picture, content: PictureContent) -> u8 {
    match content {
        PictureContent::Ink => 0,
        PictureContent::Scene => {
            let sum: u64 = picture.pixels.iter().map(|pixel| u64::from(*pixel)).sum();
            let mean = sum / (picture.pixels.len() as u64).max(1);
            u8::try_from(mean).unwrap_or(u8::MAX)
        }
    }
}

/// A side in parts that differ by one pixel at most.
fn parts(side: usize) -> Vec<std::ops::Range<usize>> {
    let count = PARTS.min(side);
    (0..count)
        .map(|part| part * side / count..(part + 1) * side / count)
        .collect()
}
