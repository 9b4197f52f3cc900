//! Files that stand for money: records, secrets.

use std::{fs, io::ErrorKind, path::Path};

use crate::node::NodeError;

/// The text of a file; none if there is no such file.
///
/// # Errors
/// If there is one that cannot be read: taken for none, it would be written over.
pub fn text_of(path: &Path) -> Result<Option<String>, NodeError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(NodeError::Other(format!("{} cannot be read: {error}", path.display()))),
    }
}
