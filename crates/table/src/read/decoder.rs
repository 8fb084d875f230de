//! Bytes of any encoding become UTF-8, as they arrive.
//!
//! A file taken for UTF-8 that stops being so is Windows-1252 if everything before was ASCII (both read that alike); if
//! it had other valid UTF-8 before, it is a broken file and refused.

use crate::Encoding;
use std::str;

/// Turns pieces of a file into UTF-8.
pub(crate) struct Decoder {
    mode: Mode,
    /// Line ends are lone carriage returns, as on very old machines: written as line feeds.
    carriage_returns: bool,
}

enum Mode {
    /// `carry`: the beginning of a character cut at the end of the last piece. `chosen`: a person said UTF-8.
    Utf8 {
        carry: Vec<u8>,
        beyond_ascii: bool,
        chosen: bool,
    },
    Legacy(encoding_rs::Decoder),
}

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotText {
    /// Invalid UTF-8 after valid UTF-8.
    Invalid,
    /// A zero byte.
    Zero,
}

impl Decoder {
    pub(crate) fn new(encoding: Encoding, chosen: bool, carriage_returns: bool) -> Self {
        let mode = match encoding {
            Encoding::Utf8 => Mode::Utf8 {
                carry: Vec::new(),
                beyond_ascii: false,
                chosen,
            },
            Encoding::Utf16Le => {
                Mode::Legacy(encoding_rs::UTF_16LE.new_decoder_without_bom_handling())
            }
            Encoding::Utf16Be => {
                Mode::Legacy(encoding_rs::UTF_16BE.new_decoder_without_bom_handling())
            }
            Encoding::Windows1252 => Mode::Legacy(windows_1252()),
        };
        Self {
            mode,
            carriage_returns,
        }
    }

    /// The encoding it has turned out to be.
    pub(crate) fn encoding(&self) -> Encoding {
        match &self.mode {
            Mode::Utf8 { .. } => Encoding::Utf8,
            Mode::Legacy(decoder) if decoder.encoding() == encoding_rs::UTF_16LE => {
                Encoding::Utf16Le
            }
            Mode::Legacy(decoder) if decoder.encoding() == encoding_rs::UTF_16BE => {
                Encoding::Utf16Be
            }
            Mode::Legacy(_) => Encoding::Windows1252,
        }
    }

    /// Appends a piece to `text`, which stays valid UTF-8; `last`: no more will come. On an error, what came before it
    /// has been appended.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        last: bool,
        text: &mut Vec<u8>,
    ) -> Result<(), NotText> {
        let begin = text.len();
        let decoded = self.decode(bytes, last, text);
        if self.carriage_returns {
            for byte in text[begin..].iter_mut().filter(|byte| **byte == b'\r') {
                *byte = b'\n';
            }
        }
        if let Some(zero) = memchr::memchr(0, &text[begin..]) {
            text.truncate(begin + zero);
            return Err(NotText::Zero);
        }
        decoded
    }

    fn decode(&mut self, bytes: &[u8], last: bool, text: &mut Vec<u8>) -> Result<(), NotText> {
        let joined;
        let mut bytes = bytes;
        if let Mode::Utf8 { carry, .. } = &mut self.mode
            && !carry.is_empty()
        {
            joined = [std::mem::take(carry).as_slice(), bytes].concat();
            bytes = &joined;
        }
        if let Mode::Utf8 {
            carry,
            beyond_ascii,
            chosen,
        } = &mut self.mode
        {
            let Err(error) = str::from_utf8(bytes) else {
                *beyond_ascii = *beyond_ascii || !bytes.is_ascii();
                text.extend_from_slice(bytes);
                return Ok(());
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            *beyond_ascii = *beyond_ascii || !valid.is_ascii();
            text.extend_from_slice(valid);
            if error.error_len().is_none() && !last {
                carry.extend_from_slice(rest);
                return Ok(());
            }
            if *beyond_ascii || *chosen {
                return Err(NotText::Invalid);
            }
            self.mode = Mode::Legacy(windows_1252());
            return self.decode_legacy(rest, last, text);
        }
        self.decode_legacy(bytes, last, text)
    }

    fn decode_legacy(
        &mut self,
        bytes: &[u8],
        last: bool,
        text: &mut Vec<u8>,
    ) -> Result<(), NotText> {
        let Mode::Legacy(decoder) = &mut self.mode else {
            return Ok(());
        };
        let room = decoder
            .max_utf8_buffer_length(bytes.len())
            .unwrap_or(bytes.len() * 3 + 16);
        let begin = text.len();
        text.resize(begin + room, 0);
        let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut text[begin..], last);
        text.truncate(begin + written);
        Ok(())
    }
}

fn windows_1252() -> encoding_rs::Decoder {
    encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text of pieces of this size.
    fn in_pieces(bytes: &[u8], size: usize, encoding: Encoding) -> Result<String, NotText> {
        let mut decoder = Decoder::new(encoding, false, false);
        let mut text = Vec::new();
        for piece in bytes.chunks(size) {
            decoder.push(piece, false, &mut text)?;
        }
        decoder.push(&[], true, &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn characters_may_be_cut_anywhere() {
        let text = "a é 日本 \u{1f600} z";
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for size in 1..9 {
            assert_eq!(
                in_pieces(text.as_bytes(), size, Encoding::Utf8).as_deref(),
                Ok(text)
            );
            assert_eq!(
                in_pieces(&wide, size, Encoding::Utf16Be).as_deref(),
                Ok(text)
            );
            assert_eq!(
                in_pieces(b"caf\xe9 a", size, Encoding::Utf8).as_deref(),
                Ok("caf\u{e9} a")
            );
            assert_eq!(
                in_pieces(b"\xc3\xa9 \xe9 a", size, Encoding::Utf8),
                Err(NotText::Invalid)
            );
            assert_eq!(
                in_pieces(b"ab\0c", size, Encoding::Utf8),
                Err(NotText::Zero)
            );
        }
        // A character that never ends is Latin after ASCII.
        assert_eq!(
            in_pieces(b"caf\xe9", 2, Encoding::Utf8).as_deref(),
            Ok("caf\u{e9}")
        );
    }
}
