//! Messages on a wire: `Content-Length`, an empty line, JSON.
//!
//! The frames are read here and not by the library, because a length is a number
//! from outside: what is too long is refused before any memory is set aside.

use std::io::{self, BufRead, Read as _, Write};

use lsp_server::Message;
use serde_json::Value;

/// No text of a policy comes near this.
const LONGEST: usize = 64 << 20;
/// Longest header line.
const LONGEST_LINE: u64 = 4 << 10;
/// Header lines before the empty one, at most.
const MOST_LINES: usize = 16;

/// What arrived.
#[derive(Debug)]
pub(super) enum Frame {
    /// A message.
    Message(Message),
    /// A frame that holds none: its id, where one can be made out.
    Garbage(Value),
}

/// Reads one frame; none at the end of the input.
///
/// # Errors
/// When the input cannot be read, or is no sequence of frames: what follows a
/// bad header cannot be told apart.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let Some(length) = read_header(input)? else { return Ok(None) };
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(broken("the input ends inside a message"));
    }
    let frame = match serde_json::from_slice::<Value>(&bytes) {
        Err(_) => Frame::Garbage(Value::Null),
        Ok(value) => {
            let id = value.get("id").cloned().unwrap_or(Value::Null);
            serde_json::from_value(value).map_or(Frame::Garbage(id), Frame::Message)
        }
    };
    Ok(Some(frame))
}

fn read_header(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    for count in 0..MOST_LINES {
        let mut line = Vec::new();
        input.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() && count == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let Some(line) = line.strip_suffix('\n') else { return Err(broken("a header line is not ended")) };
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            let length: usize = length.ok_or_else(|| broken("a message has no Content-Length"))?;
            return if length <= LONGEST { Ok(Some(length)) } else { Err(broken("a message is too long")) };
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse().map_err(|_| broken("Content-Length is no number"))?);
        }
    }
    Err(broken("too many header lines"))
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Writes one message.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn write(output: &mut impl Write, message: &Message) -> io::Result<()> {
    message.write(output)
}

/// Answers a frame that holds no message, after JSON-RPC: with its id or null.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn write_garbage_answer(output: &mut impl Write, id: &Value) -> io::Result<()> {
    let (code, message) = if id.is_null() {
        (lsp_server::ErrorCode::ParseError, "not a JSON-RPC message")
    } else {
        (lsp_server::ErrorCode::InvalidRequest, "not a request")
    };
    let error = serde_json::json!({"code": code as i32, "message": message});
    let text = serde_json::json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Vec<Result<Frame, String>> {
        let mut frames = Vec::new();
        loop {
            match read(&mut input) {
                Ok(None) => return frames,
                Ok(Some(frame)) => frames.push(Ok(frame)),
                Err(error) => {
                    frames.push(Err(error.to_string()));
                    return frames;
                }
            }
        }
    }

    #[test]
    fn frames_follow_each_other() {
        let text = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let frame = format!("content-length:{}\r\nContent-Type: x\r\n\r\n{text}", text.len());
        let frames = all(format!("{frame}{frame}").as_bytes());
        assert!(frames.iter().all(|frame| matches!(frame, Ok(Frame::Message(Message::Notification(_))))));
        assert_eq!(frames.len(), 2);
    }

    #[test]
    fn what_is_no_message_is_answered_and_not_fatal() {
        let frames = all(b"Content-Length: 3\r\n\r\n{{{Content-Length: 8\r\n\r\n{\"id\":1}");
        assert!(matches!(frames.first(), Some(Ok(Frame::Garbage(Value::Null)))));
        assert!(matches!(frames.get(1), Some(Ok(Frame::Garbage(Value::Number(_))))));
        let mut out = Vec::new();
        write_garbage_answer(&mut out, &Value::Null).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("-32700"));
    }

    #[test]
    fn hostile_headers_end_the_reading() {
        let big = format!("Content-Length: {}\r\n\r\n", usize::MAX);
        let endless = "x".repeat(1 << 16);
        let many = "A: b\r\n".repeat(1000);
        for input in [
            big.as_str(),
            &endless,
            &many,
            "Content-Length: -1\r\n\r\n",
            "A: b\r\n\r\n",
            "Content-Length: 9\r\n\r\n{}",
        ] {
            assert!(matches!(all(input.as_bytes()).as_slice(), [Err(_)]), "{}", input.len());
        }
    }
}
