//! qev-queue
