//! Sheets of brightness, and every way the tests write one down.

/// Brightness, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<u8>,
}

impl Sheet {
    /// A sheet with a value for each row and column.
    pub(crate) fn of(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Self {
        Self {
            width,
            height,
            values: (0..width * height)
                .map(|pixel| value(pixel / width, pixel % width))
                .collect(),
        }
    }

    /// Every pixel so many times in both directions.
    pub(crate) fn times(&self, factor: usize) -> Self {
        Self::of(self.width * factor, self.height * factor, |row, column| {
            self.values[row / factor * self.width + column / factor]
        })
    }

    fn each(&self, pixel: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
        self.values.iter().flat_map(|value| pixel(*value)).collect()
    }

    /// A PNG file, each pixel written by the function.
    pub(crate) fn png_of(
        &self,
        color: png::ColorType,
        depth: png::BitDepth,
        pixel: impl Fn(u8) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(color);
        encoder.set_depth(depth);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&self.each(pixel)).unwrap();
        writer.finish().unwrap();
        bytes
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        self.png_of(png::ColorType::Grayscale, png::BitDepth::Eight, |value| {
            vec![value]
        })
    }

    /// One picture after the other.
    pub(crate) fn gif(frames: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (width, height) = (frames[0].width as u16, frames[0].height as u16);
        let palette: Vec<u8> = (0..=255).flat_map(|value| [value; 3]).collect();
        let mut encoder = gif::Encoder::new(&mut bytes, width, height, &palette).unwrap();
        for own in frames {
            encoder
                .write_frame(&gif::Frame::from_indexed_pixels(
                    width,
                    height,
                    own.values.clone(),
                    None,
                ))
                .unwrap();
        }
        drop(encoder);
        bytes
    }

    pub(crate) fn webp(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        image_webp::WebPEncoder::new(&mut bytes)
            .encode(
                &self.each(|value| vec![value; 3]),
                self.width as u32,
                self.height as u32,
                image_webp::ColorType::Rgb8,
            )
            .unwrap();
        bytes
    }

    /// A BMP of so many bits a pixel: 8 with a palette, or 24 or 32; from the bottom up, or from the top down.
    pub(crate) fn bmp(&self, bits: usize, upwards: bool) -> Vec<u8> {
        let palette = if bits == 8 { 256 } else { 0 };
        let begin = 54 + 4 * palette;
        let mut bytes = b"BM\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend((begin as u32).to_le_bytes());
        bytes.extend(40_u32.to_le_bytes());
        bytes.extend((self.width as i32).to_le_bytes());
        let height = self.height as i32;
        bytes.extend(if upwards { height } else { -height }.to_le_bytes());
        bytes.extend([1, 0, bits as u8, 0]);
        bytes.extend([0; 24]);
        bytes.extend((0..palette).flat_map(|value| [value as u8, value as u8, value as u8, 0]));
        let mut lines: Vec<&[u8]> = self.values.chunks(self.width).collect();
        if upwards {
            lines.reverse();
        }
        for line in lines {
            let mut row: Vec<u8> = line
                .iter()
                .flat_map(|value| match bits {
                    8 => vec![*value],
                    24 => vec![*value; 3],
                    _ => vec![*value, *value, *value, 0],
                })
                .collect();
            row.resize(row.len().next_multiple_of(4), 0);
            bytes.extend(row);
        }
        bytes
    }
}
