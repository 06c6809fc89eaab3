//! Uploaded pictures: decoded within limits, cut square, made small, encoded anew.
//!
//! What is served was made by us: no metadata, no trailing bytes, one format.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};

use crate::error::{Error, Result};

/// Largest upload.
const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Who decodes now.
static DECODING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);
/// Side of the square that is kept.
const SIDE: u32 = 480;

/// The JPEG to keep. *Refuses* with `photo_too_large` or `photo_unreadable` on the field `photo`.
pub(super) async fn remake(upload: Vec<u8>) -> Result<Vec<u8>> {
    if upload.len() > MAX_BYTES {
        return Err(domain::Error::invalid("photo", "photo_too_large").into());
    }
    // One at a time: a picture may need a hundred megabytes while it is decoded.
    let _turn = DECODING.acquire().await.map_err(|_| Error::Busy)?;
    let made = tokio::task::spawn_blocking(move || redraw(&upload)).await.unwrap_or(Err(Error::Panicked));
    match made {
        Err(Error::Library(_)) => Err(domain::Error::invalid("photo", "photo_unreadable").into()),
        other => other,
    }
}

fn redraw(upload: &[u8]) -> Result<Vec<u8>> {
    let refused = |e: image::ImageError| Error::Library(e.to_string());
    let mut reader = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()
        .map_err(|e| Error::Library(e.to_string()))?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(Error::Library("format".into()));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(160 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let orientation = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    // Cut first: to scale a long thin picture before cutting it would need gigabytes.
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let square =
        picture.crop_imm(left, top, side, side).resize_exact(SIDE, SIDE, FilterType::CatmullRom).to_rgb8();
    let mut jpeg = Vec::new();
    square.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 82)).map_err(refused)?;
    Ok(jpeg)
}
