//! The file that keeps everything over a restart: read at the start, written whole after each change.
//! What stands in it is `world::World`.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use crate::{Error, world::World};

/// What was kept; nothing, if nothing was written yet.
pub(crate) fn read(path: &Path) -> Result<World, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(World::default()),
        Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
    };
    serde_json::from_slice(&bytes).map_err(|source| Error::Strange { path: path.to_owned(), source })
}

/// Under its name only when it is whole and on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_added_extension("new");
    let mut file = File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(fresh, path)
}
