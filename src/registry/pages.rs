//! The pages that are the same for everybody who is not signed in, and the words of their addresses that they read.
//! Only these may be kept (`web::kept_pages`); whatever is not named here is made for whoever asks.

use app::portal::patient::PatientPage;

/// What chooses doctors, and where their list goes on.
const FILTERS: &[&str] = &["specialty", "language", "modality", "hospital", "sort", "cursor"];
/// What is typed freely, and may be of somebody; forms send it empty when nothing was typed.
const TYPED: &[&str] = &["name"];

/// Whether the page at an address is the same for everybody who is not signed in. An address in another spelling than our own, or
/// with a word that the page does not read, is none of these.
pub(crate) fn is_same_for_everybody(path: &str, query: &str) -> bool {
    let Some(page) = PatientPage::from_path(path).filter(|page| page.path() == path) else { return false };
    let (chosen, typed): (&[&str], &[&str]) = match page {
        PatientPage::Home | PatientPage::Doctor(_) | PatientPage::Hospital(_) => (&[], &[]),
        PatientPage::Doctors => (FILTERS, TYPED),
        _ => return false,
    };
    query.split('&').filter(|pair| !pair.is_empty()).all(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        chosen.contains(&name) || (typed.contains(&name) && value.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b";

    fn is(address: &str) -> bool {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        is_same_for_everybody(&path.replace("{id}", ID), query)
    }

    #[test]
    fn what_anybody_may_look_up_is_the_same_for_all() {
        for address in [
            "/",
            "/?",
            "/doctors",
            "/doctors?specialty=cardiology&name=",
            "/doctors?modality=video&sort=name&hospital=7&language=de&cursor=c",
            "/doctors/{id}",
            "/hospitals/{id}",
        ] {
            assert!(is(address), "{address}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for address in [
            "",
            "/doctors/",
            "//doctors",
            "/Doctors",
            "/doctors/42",
            "/doctors/{id}/",
            "/doctors/0190A5B2-7C3D-7E4F-8A9B-0C1D2E3F4A5B",
            "/doctors?name=weber",
            "/doctors?patient={id}",
            "/doctors?specialty=cardiology&patient={id}",
            "/doctors?%73pecialty=cardiology",
            "/?a=b",
            "/doctors/{id}?patient={id}",
            "/book/{id}/reason",
            "/book/{id}/time",
            "/book/{id}/review",
            "/sign-in",
            "/sign-up",
            "/verify?token=t",
            "/reset-password?token=t",
            "/invitation/t",
            "/appointments",
            "/appointments/{id}",
            "/account/security",
            "/family",
            "/who-looked",
            "/hospital",
            "/hospital/{id}",
            "/wall/t",
            "/offline",
            "/nowhere",
            "/api/v1/doctors",
            "/_fn/doctors",
        ] {
            assert!(!is(address), "{address}");
        }
    }
}
