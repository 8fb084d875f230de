//! Moments in answers: RFC 3339 in UTC.

use time::format_description::well_known::Rfc3339;
use trainyard_platform::Timestamp;

pub(crate) fn moment(at: Timestamp) -> String {
    // Only years beyond 9999 have no such form.
    at.date_time().format(&Rfc3339).unwrap_or_default()
}
