//! A log of each call.
