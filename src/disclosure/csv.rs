//! Tables as comma-separated values, as spreadsheet programs write and read them.

/// Reads records (RFC 4180). Blank lines are left out; white space around fields
/// and the mark that keeps a spreadsheet from computing are taken away.
#[must_use]
pub fn parse(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut field) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut end_row = |row: &mut Vec<String>, field: &mut String| {
        row.push(clean(&std::mem::take(field)));
        let done = std::mem::take(row);
        if done.iter().any(|cell| !cell.is_empty()) {
            rows.push(done);
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => row.push(clean(&std::mem::take(&mut field))),
            '\n' if !quoted => end_row(&mut row, &mut field),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            c => field.push(c),
        }
    }
    if !row.is_empty() || !field.is_empty() {
        end_row(&mut row, &mut field);
    }
    rows
}

fn clean(field: &str) -> String {
    let field = field.trim();
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => field.to_owned(),
    }
}

/// Writes records with CRLF, quoted where needed. A field that a spreadsheet would
/// compute gets a mark before it.
#[must_use]
pub fn write(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell_text(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn cell_text(cell: &str) -> String {
    let safe = if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let rows = vec![
            vec!["编号".to_owned(), "内容".to_owned()],
            vec!["1".to_owned(), "甲,\"乙\"\n丙".to_owned()],
            vec!["=1+1".to_owned(), "-5".to_owned()],
        ];
        assert_eq!(parse(&write(&rows)), rows);
        assert_eq!(parse("\u{feff}a,b\n\n ,\n1 , 2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(parse("\"未闭合"), [["未闭合"]]);
        assert!(write(&rows).contains("'=1+1"));
    }
}
