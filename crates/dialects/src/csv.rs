//! Lines of a CSV file, where a door has to look at cells itself: quoted cells may hold commas, quotes and line breaks.

/// Takes the next record off the text.
pub(crate) fn record(rest: &mut &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut letters = rest.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        match letter {
            '"' if quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                let after = letters.peek().map_or(rest.len(), |(place, _)| *place);
                *rest = rest.get(after..).unwrap_or_default();
                if cell.ends_with('\r') {
                    cell.pop();
                }
                cells.push(cell);
                return cells;
            }
            letter => cell.push(letter),
        }
    }
    *rest = "";
    if cell.ends_with('\r') {
        cell.pop();
    }
    cells.push(cell);
    cells
}

/// Writes a record.
pub(crate) fn write(written: &mut String, cells: &[String]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            written.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            written.push('"');
            written.push_str(&cell.replace('"', "\"\""));
            written.push('"');
        } else {
            written.push_str(cell);
        }
    }
    written.push('\n');
}
