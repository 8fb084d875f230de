//! The charts of a report page, as drawings in the page itself.

use super::escaped;
use crate::report::Report;
use std::fmt::Write as _;

/// Curves of one chart at most.
const MOST_CURVES: usize = 6;
const COLOURS: [&str; MOST_CURVES] = [
    "#1864ab", "#c2410c", "#2b8a3e", "#862e9c", "#5c4813", "#495057",
];
/// The drawing's size and the room around its axes.
const SIZE: f64 = 320.0;
const ROOM: f64 = 40.0;

/// A drawing and what it shows.
pub(super) struct Chart {
    pub(super) svg: String,
    pub(super) caption: String,
}

/// Everything a report has to draw.
pub(super) fn all(report: &Report) -> Vec<Chart> {
    let mut charts = Vec::new();
    if let Some(curves) = report.roc.as_deref().filter(|curves| !curves.is_empty()) {
        let lines = curves.iter().map(|curve| Line {
            label: format!("{} ({:.3})", curve.class, curve.auc),
            points: pairs(&curve.fpr, &curve.tpr),
        });
        charts.push(unit_chart(
            "ROC curve: the further to the upper left, the better",
            ("false positives", "true positives"),
            true,
            lines.collect(),
        ));
    }
    if let Some(curves) = report.pr.as_deref().filter(|curves| !curves.is_empty()) {
        let lines = curves.iter().map(|curve| Line {
            label: format!("{} ({:.3})", curve.class, curve.ap),
            points: pairs(&curve.recall, &curve.precision),
        });
        charts.push(unit_chart(
            "Precision against recall: the further to the upper right, the better",
            ("recall", "precision"),
            false,
            lines.collect(),
        ));
    }
    if let Some(curves) = report
        .calibration
        .as_deref()
        .filter(|curves| !curves.is_empty())
    {
        let lines = curves.iter().map(|curve| Line {
            label: curve.class.clone(),
            points: curve
                .bins
                .iter()
                .map(|bin| (bin.predicted, bin.observed))
                .collect(),
        });
        charts.push(unit_chart(
            "Calibration: on the diagonal, 80 % sure is right 80 times of 100",
            ("said", "happened"),
            true,
            lines.collect(),
        ));
    }
    if let Some(residuals) = &report.residuals {
        let points: Vec<(f64, f64)> = residuals
            .sample
            .iter()
            .map(|point| (point.actual, point.predicted))
            .collect();
        charts.extend(scatter(&points));
    }
    charts
}

struct Line {
    label: String,
    points: Vec<(f64, f64)>,
}

fn pairs(across: &[f64], up: &[f64]) -> Vec<(f64, f64)> {
    across.iter().copied().zip(up.iter().copied()).collect()
}

/// Lines in the square from 0 to 1.
fn unit_chart(caption: &str, axes: (&str, &str), diagonal: bool, lines: Vec<Line>) -> Chart {
    let mut svg = opened(caption, axes, ((0.0, 1.0), (0.0, 1.0)));
    let place = |value: f64, up: bool| placed(value, (0.0, 1.0), up);
    if diagonal {
        let (low, high) = (place(0.0, false), place(1.0, false));
        let (bottom, top) = (place(0.0, true), place(1.0, true));
        let _ = write!(
            svg,
            "<path d=\"M{low:.1} {bottom:.1}L{high:.1} {top:.1}\" stroke=\"#adb5bd\" stroke-dasharray=\"4\"/>"
        );
    }
    let shown = lines.len().min(MOST_CURVES);
    for (place_of, (line, colour)) in lines.iter().zip(COLOURS).enumerate() {
        let mut path = String::new();
        for (number, (across, up)) in line.points.iter().enumerate() {
            let letter = if number == 0 { 'M' } else { 'L' };
            let _ = write!(
                path,
                "{letter}{:.1} {:.1}",
                place(*across, false),
                place(*up, true)
            );
        }
        let _ = write!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        );
        let down = ROOM + 16.0 + 14.0 * place_of as f64;
        let _ = write!(
            svg,
            "<text x=\"{:.0}\" y=\"{down:.0}\" fill=\"{colour}\" font-size=\"11\" text-anchor=\"end\">{}</text>",
            SIZE - ROOM - 4.0,
            escaped(&line.label)
        );
    }
    svg.push_str("</svg>");
    let mut caption = caption.to_owned();
    if lines.len() > shown {
        let _ = write!(caption, " ({} of {} classes)", shown, lines.len());
    }
    Chart { svg, caption }
}

/// Predicted against actual numbers.
fn scatter(points: &[(f64, f64)]) -> Option<Chart> {
    let all = points
        .iter()
        .flat_map(|&(actual, predicted)| [actual, predicted]);
    let (low, high) = all
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low >= high {
        return None;
    }
    let caption = "Predicted against actual: on the diagonal nothing is off";
    let range = (low, high);
    let mut svg = opened(caption, ("actual", "predicted"), (range, range));
    let (left, right) = (placed(low, range, false), placed(high, range, false));
    let (bottom, top) = (placed(low, range, true), placed(high, range, true));
    let _ = write!(
        svg,
        "<path d=\"M{left:.1} {bottom:.1}L{right:.1} {top:.1}\" stroke=\"#adb5bd\" stroke-dasharray=\"4\"/>"
    );
    for &(actual, predicted) in points {
        let _ = write!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2\" fill=\"#1864ab\" fill-opacity=\".5\"/>",
            placed(actual, range, false),
            placed(predicted, range, true)
        );
    }
    svg.push_str("</svg>");
    Some(Chart {
        svg,
        caption: caption.to_owned(),
    })
}

/// The beginning of a drawing: title, axes and their ends.
fn opened(title: &str, (across, up): (&str, &str), ends: ((f64, f64), (f64, f64))) -> String {
    let far = SIZE - ROOM;
    let ((left, right), (bottom, top)) = ends;
    let [left, right, bottom, top] = [left, right, bottom, top].map(super::figure);
    let (middle, side) = (SIZE / 2.0, SIZE - 2.0 * ROOM);
    let (below, beside, first, above) = (far + 16.0, ROOM - 4.0, ROOM + 12.0, ROOM - 8.0);
    format!(
        "<svg viewBox=\"0 0 {SIZE} {SIZE}\" role=\"img\" aria-label=\"{label}\" font-family=\"system-ui,sans-serif\" font-size=\"12\">\
         <rect x=\"{ROOM}\" y=\"{ROOM}\" width=\"{side}\" height=\"{side}\" fill=\"none\" stroke=\"#868e96\"/>\
         <text x=\"{ROOM}\" y=\"{below}\">{left}</text><text x=\"{far}\" y=\"{below}\" text-anchor=\"end\">{right}</text>\
         <text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{across}</text>\
         <text x=\"{beside}\" y=\"{far}\" text-anchor=\"end\">{bottom}</text><text x=\"{beside}\" y=\"{first}\" text-anchor=\"end\">{top}</text>\
         <text x=\"{ROOM}\" y=\"{above}\">{up}</text>",
        label = escaped(title),
    )
}

fn placed(value: f64, (low, high): (f64, f64), up: bool) -> f64 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    let along = share * (SIZE - 2.0 * ROOM);
    if up {
        SIZE - ROOM - along
    } else {
        ROOM + along
    }
}
