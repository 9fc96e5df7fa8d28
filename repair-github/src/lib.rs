//! GitHub for `repair-core`: runs and logs in, pull requests and issues out.
//!
//! octocrab is wrapped: no type of it appears in the public interface.
