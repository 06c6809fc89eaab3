//! Acting for somebody else: whom a page is for, the family with its forms, and the answer to who asks for help.
//! What somebody may do for whom is decided in the services.

pub mod acting;
pub mod api;
pub mod patient;
pub mod words;
