//! Closed lists that doctors are found by: specialties and languages.
//!
//! Only codes stand here; the names that people read are in the message catalogue.

/// Specialty codes (own list, after the practice settings of the FHIR `c80-practice-codes` value set).
pub const SPECIALTIES: &[&str] = &[
    "cardiology",
    "dentistry",
    "dermatology",
    "endocrinology",
    "family-medicine",
    "gastroenterology",
    "gynaecology",
    "neurology",
    "oncology",
    "ophthalmology",
    "orthopaedics",
    "otolaryngology",
    "paediatrics",
    "physiotherapy",
    "psychiatry",
    "pulmonology",
    "rheumatology",
    "urology",
];

/// Specialties that say by themselves that a visit is about sexual health (gynaecology, urology), mental health or addiction (psychiatry,
/// which treats it; it has no specialty of its own here). Who helps a patient sees such visits only where she was given that, too.
///
/// Which they are is this house's choice, after the categories (sexual health, mental health, substance use) that are kept from proxies
/// elsewhere unless they were given. It goes by the doctor's specialty alone: what was said to a family doctor about the same is not hidden by it.
pub const SENSITIVE: &[&str] = &["gynaecology", "psychiatry", "urology"];

/// Whether one of the specialties of a doctor is sensitive.
pub fn is_sensitive(specialties: &[String]) -> bool {
    specialties.iter().any(|code| SENSITIVE.contains(&code.as_str()))
}

/// Language codes (BCP 47 primary subtags).
pub const LANGUAGES: &[&str] = &[
    "ar", "bn", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "mr", "pl", "pt", "ru", "ta", "te", "tr",
    "zh",
];

/// Keeps known specialty codes; refuses with `specialty_unknown`, or `required` when there is none.
pub fn specialties(codes: &[String]) -> Result<Vec<String>, &'static str> {
    known(codes, SPECIALTIES, "specialty_unknown")
}

/// Keeps known language codes; refuses with `language_unknown`, or `required` when there is none.
pub fn languages(codes: &[String]) -> Result<Vec<String>, &'static str> {
    known(codes, LANGUAGES, "language_unknown")
}

fn known(codes: &[String], list: &[&str], rule: &'static str) -> Result<Vec<String>, &'static str> {
    let mut kept: Vec<String> =
        codes.iter().map(|c| c.trim().to_lowercase()).filter(|c| !c.is_empty()).collect();
    kept.dedup();
    if kept.is_empty() {
        Err("required")
    } else if kept.iter().all(|code| list.contains(&code.as_str())) {
        Ok(kept)
    } else {
        Err(rule)
    }
}
