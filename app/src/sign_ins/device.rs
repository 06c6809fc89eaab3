//! What a browser calls itself, in words that its owner knows it by.
//! A guess for people; nothing is decided by it.

use domain::sign_ins::{SignInKind, SignedIn};

use crate::t;

/// Later marks are also carried by browsers that have an earlier one, so the order counts.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
];

/// What signed in, in words.
pub(crate) fn device_words(item: &SignedIn) -> String {
    match item.kind {
        SignInKind::Web => browser_words(&item.device),
        SignInKind::Api => program_words(&item.device),
    }
}

/// "Chrome on Android", or what is known of it.
fn browser_words(user_agent: &str) -> String {
    match (named(BROWSERS, user_agent), named(SYSTEMS, user_agent)) {
        (Some(browser), Some(system)) => t!(sign_ins.browser_on, browser = browser, system = system),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t!(sign_ins.browser).to_owned(),
    }
}

/// "A program", with the first word of how it calls itself.
fn program_words(user_agent: &str) -> String {
    match user_agent.split_whitespace().next() {
        Some(name) => t!(sign_ins.program_named, name = name),
        None => t!(sign_ins.program).to_owned(),
    }
}

fn named(names: &[(&str, &'static str)], user_agent: &str) -> Option<&'static str> {
    names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_browsers_have_their_names() {
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
        assert_eq!(browser_words(phone), "Chrome on Android");
        let tablet = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(browser_words(tablet), "Safari on iPad");
        assert_eq!(browser_words(""), "A browser");
        assert_eq!(program_words("curl/8.5.0"), "A program (curl/8.5.0)");
    }
}
