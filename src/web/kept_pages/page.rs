//! A page in pieces: cut where the nonce of its making stood, and put together again with a fresh one.
//! Who may have it, and for how long, is not decided here.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, response::Parts},
    response::Response,
};
use leptos::nonce::Nonce;

/// What is larger is not kept.
pub(super) const LARGEST: usize = 256 << 10;
/// What a page takes besides its text: headers, policy and the name under which it is kept.
const AROUND: usize = 4 << 10;

/// Says to whoever measures that a page was not made for her.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// What stands before the nonce in the policy …
const IN_POLICY: &str = "'nonce-";
/// … and in the tag of a script.
const IN_TAG: &str = " nonce=\"";
const SCRIPT: &str = "<script";
/// Scripts that need none: they are data.
const DATA: &str = "<script type=\"application/ld+json\"";
/// 128 bits in base64. A shorter text could stand in a page by chance.
const SHORTEST: usize = 22;

/// See the module.
#[derive(Debug)]
pub(super) struct Page {
    /// All but the policy.
    headers: HeaderMap,
    /// The policy before and after its nonce.
    policy: [String; 2],
    /// The text between the nonces.
    pieces: Vec<String>,
}

impl Page {
    /// Whether an answer can be a page to keep, as far as its head says.
    pub(super) fn can_be(answer: &Response) -> bool {
        let headers = answer.headers();
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        answer.status() == StatusCode::OK
            && kind.starts_with("text/html")
            && !headers.contains_key(header::SET_COOKIE)
    }

    /// The page, if its nonce stands exactly where one is expected: once in the policy, in every script, and nowhere else.
    pub(super) fn of(head: &Parts, body: &[u8]) -> Option<Self> {
        let (nonce, policy) = cut_policy(&head.headers)?;
        let mut headers = head.headers.clone();
        headers.remove(header::CONTENT_SECURITY_POLICY);
        headers.remove(header::CONTENT_LENGTH);
        let silent = headers.values().all(|value| value.to_str().is_ok_and(|text| !text.contains(nonce)));
        let html = std::str::from_utf8(body).ok().filter(|html| silent && html.len() <= LARGEST)?;
        Some(Self { headers, policy, pieces: cut_text(html, nonce)? })
    }

    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        AROUND + self.pieces.iter().map(String::len).sum::<usize>()
    }

    /// The page with a nonce of its own.
    pub(super) fn answer(&self) -> Response {
        let nonce = Nonce::new();
        let mut response = Response::new(Body::from(self.pieces.join(&*nonce)));
        *response.headers_mut() = self.headers.clone();
        response.headers_mut().insert(SERVER_TIMING, HeaderValue::from_static("kept"));
        let [before, after] = &self.policy;
        // Without this policy the answer gets the one of what is no page: no script runs.
        if let Ok(policy) = HeaderValue::try_from(format!("{before}{nonce}{after}")) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// The nonce, and what stands around it.
fn cut_policy(headers: &HeaderMap) -> Option<(&str, [String; 2])> {
    let mut policies = headers.get_all(header::CONTENT_SECURITY_POLICY).iter();
    let policy = policies.next()?.to_str().ok()?;
    let (before, rest) = policy.split_once(IN_POLICY)?;
    let (nonce, after) = rest.split_once('\'')?;
    let is_one = policies.next().is_none()
        && nonce.len() >= SHORTEST
        && !before.contains(nonce)
        && !after.contains(nonce)
        && !after.contains(IN_POLICY);
    is_one.then(|| (nonce, [format!("{before}{IN_POLICY}"), format!("'{after}")]))
}

fn cut_text(html: &str, nonce: &str) -> Option<Vec<String>> {
    let pieces: Vec<String> = html.split(nonce).map(str::to_owned).collect();
    let (_, heads) = pieces.split_last()?;
    let quoted = heads.iter().all(|piece| piece.ends_with(IN_TAG))
        && pieces.iter().skip(1).all(|piece| piece.starts_with('"'));
    let scripts = html.matches(SCRIPT).count();
    let as_many = !heads.is_empty() && scripts == heads.len() + html.matches(DATA).count();
    (quoted && as_many).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    fn head(policy: &str) -> Parts {
        let answer = Response::builder()
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8");
        answer.body(Body::empty()).unwrap().into_parts().0
    }

    fn policy() -> String {
        format!("default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; base-uri 'none'")
    }

    fn is_kept(html: &str) -> bool {
        Page::of(&head(&policy()), html.replace("{N}", NONCE).as_bytes()).is_some()
    }

    #[tokio::test]
    async fn a_page_comes_back_with_a_nonce_of_its_own() {
        let html =
            format!("<p>a</p><script nonce=\"{NONCE}\">1</script>ä<script nonce=\"{NONCE}\"></script>");
        let page = Page::of(&head(&policy()), html.as_bytes()).unwrap();
        let mut seen = vec![NONCE.to_owned()];
        for _ in 0..2 {
            let (head, body) = page.answer().into_parts();
            let said = head.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            let nonce = said.split(IN_POLICY).nth(1).unwrap().split('\'').next().unwrap().to_owned();
            assert!(nonce.len() >= SHORTEST && !seen.contains(&nonce), "{nonce}");
            assert_eq!(said, policy().replace(NONCE, &nonce));
            let text = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            assert_eq!(text, html.replace(NONCE, &nonce).as_bytes());
            assert_eq!(head.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
            seen.push(nonce);
        }
    }

    #[test]
    fn a_nonce_is_in_every_script_and_nowhere_else() {
        let script = "<script nonce=\"{N}\"></script>";
        assert!(is_kept(script));
        assert!(is_kept(&format!("<script type=\"application/ld+json\">{{}}</script>{script}")));
        assert!(!is_kept("<p>no script</p>"));
        assert!(!is_kept(&format!("{script}<script>1</script>")));
        assert!(!is_kept(&format!("{script}<p>{{N}}</p>")));
        assert!(!is_kept(&format!("{script}<p nonce=\"{{N}}\">and one script less</p>")));
        assert!(!is_kept("<script nonce='{N}'></script>"));
        assert!(!is_kept("<script nonce=\"{N}and more\"></script>"));
        assert!(!is_kept("<script nonce=\"BBBBBBBBBBBBBBBBBBBBBB\"></script>"));
    }

    #[test]
    fn a_strange_head_is_not_kept() {
        let html = format!("<script nonce=\"{NONCE}\"></script>");
        let is_kept = |head: &Parts| Page::of(head, html.as_bytes()).is_some();
        assert!(is_kept(&head(&policy())));
        assert!(!is_kept(&head("default-src 'none'")));
        assert!(!is_kept(&head(&format!("{}; style-src 'nonce-{NONCE}'", policy()))));
        assert!(!is_kept(&head(&policy().replace(NONCE, "short"))));
        let mut twice = head(&policy());
        twice.headers.append(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("base-uri 'none'"));
        assert!(!is_kept(&twice));
        let mut elsewhere = head(&policy());
        elsewhere.headers.insert(header::LINK, HeaderValue::from_static(NONCE));
        assert!(!is_kept(&elsewhere));
    }

    #[test]
    fn a_long_page_is_not_kept() {
        let script = "<script nonce=\"{N}\"></script>";
        let room = LARGEST - script.replace("{N}", NONCE).len();
        assert!(is_kept(&format!("{script}{}", "x".repeat(room))));
        assert!(!is_kept(&format!("{script}{}", "x".repeat(room + 1))));
    }
}
