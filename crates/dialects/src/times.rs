//! Moments as the old servers wrote them.

use time::OffsetDateTime;
use trainyard_platform::Timestamp;

fn of(moment: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(moment.unix_timestamp())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn parts(moment: Timestamp, between: char) -> String {
    let at = of(moment);
    let text = format!(
        "{:04}-{:02}-{:02}{between}{:02}:{:02}:{:02}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
    );
    match moment.microsecond() {
        0 => text,
        micros => format!("{text}.{micros:06}"),
    }
}

/// `2026-11-21T02:13:24.497539`, in UTC without saying so.
pub(crate) fn iso(moment: Timestamp) -> String {
    parts(moment, 'T')
}

/// `2026-11-21 02:13:24.497539+00:00`.
pub(crate) fn spaced(moment: Timestamp) -> String {
    format!("{}+00:00", parts(moment, ' '))
}

/// `20261121_021324`.
pub(crate) fn compact(moment: Timestamp) -> String {
    let at = of(moment);
    format!(
        "{:04}{:02}{:02}_{:02}{:02}{:02}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `2026-11-21`.
pub(crate) fn day(moment: Timestamp) -> String {
    iso(moment).chars().take(10).collect()
}
