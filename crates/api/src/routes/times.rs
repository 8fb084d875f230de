//! Moments in questions and answers: RFC 3339, answers in UTC.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trainyard_platform::Timestamp;

use crate::problem::Problem;

pub(crate) fn moment(at: Timestamp) -> String {
    // Only years beyond 9999 have no such form.
    at.date_time().format(&Rfc3339).unwrap_or_default()
}

/// A moment from a query.
pub(crate) fn read_moment(
    pointer: &str,
    text: Option<String>,
) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    match OffsetDateTime::parse(&text, &Rfc3339) {
        Ok(moment) => Ok(Some(moment.into())),
        Err(_) => Err(Problem::field(
            pointer,
            "Write the moment as 2026-11-22T10:00:00Z. In an address a plus sign is written %2B.",
        )),
    }
}
