//! The tests of the whole workspace, in one binary: what takes long is compiled once.

mod build_script;
mod builder;
mod by_prost;
mod command;
mod compiles;
mod corpora;
mod docs;
mod embedded;
mod errors;
mod files;
mod fuzz;
mod listed;
mod migrations;
mod missing;
mod negatives;
mod options;
mod oracle;
mod paths;
mod plugin;
mod rejects;
mod same_bytes;
mod scale;
mod snapshots;
mod support;
mod texts;
mod variants;
