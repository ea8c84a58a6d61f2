//! Who is calling: interceptors that find it out from metadata, and those that say it.
