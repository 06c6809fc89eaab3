//! Holds back what the registry does not know, and successful answers for which nobody has decided anything.
//! It is the second wall: the first is that a service cannot reach a row without a decision.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::access::Trace;

use super::{Policy, find, is_file};
use crate::web::problem::Problem;

/// The middleware. Pages are no entries: what they show they ask of server functions.
pub(crate) async fn watch(matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let path = matched.as_ref().map(|matched| matched.as_str().to_owned()).unwrap_or_default();
    if !(path.starts_with("/api/v1/") || path.starts_with("/_fn/") || is_file(&path)) {
        return next.run(request).await;
    }
    // A HEAD is a GET without the body; what is neither offered nor known is refused further in.
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    let trace = request.extensions().get::<Trace>().cloned().unwrap_or_default();
    let Some(entry) = find(method.as_str(), &path) else {
        let response = next.run(request).await;
        if response.status().is_success() {
            return Problem::accident("an answer that the registry does not know").into_response();
        }
        return response;
    };
    let response = next.run(request).await;
    hold_back(response, &entry.policy, &trace)
}

fn hold_back(response: Response, policy: &Policy, trace: &Trace) -> Response {
    if response.status().is_success() && !policy.is_met(trace) {
        return Problem::accident("an answer without a decision").into_response();
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use domain::access::Action;

    #[test]
    fn an_answer_without_a_decision_does_not_leave() {
        let needs = Policy::Needs(&[Action::ReadPatient]);
        let trace = Trace::default();
        let held = hold_back(StatusCode::OK.into_response(), &needs, &trace);
        assert_eq!(held.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let refused = hold_back(StatusCode::NOT_FOUND.into_response(), &needs, &trace);
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
        trace.note(Action::ReadAppointment);
        let held = hold_back(StatusCode::OK.into_response(), &needs, &trace);
        assert_eq!(held.status(), StatusCode::INTERNAL_SERVER_ERROR);
        trace.note(Action::ReadPatient);
        assert_eq!(hold_back(StatusCode::OK.into_response(), &needs, &trace).status(), StatusCode::OK);
    }
}
