//! What tests of services, of their clients and of interceptors need.
