//! Options that name files of the user: the files are read when the option is set, so that generating reads none.

use super::value::Value;

/// Files that an option names, in the order in which it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonFiles(pub(crate) Vec<ReadFile>);

/// A file with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl From<Vec<ReadFile>> for JsonFiles {
    fn from(files: Vec<ReadFile>) -> Self {
        Self(files)
    }
}

impl Value for JsonFiles {
    const SHAPE: &'static str = "path of a JSON file";

    fn read(&mut self, path: &str) -> Result<(), String> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!(
                "the file cannot be read: {error}; its path is relative to the folder in which the generator runs"
            )
        })?;
        let path = path.to_owned();
        self.0.push(ReadFile { path, text });
        Ok(())
    }

    fn show(&self) -> Vec<String> {
        self.0.iter().map(|file| file.path.clone()).collect()
    }
}
