//! Lets a request that changes something run to its end, even when the client has gone.
//! It knows neither what is changed nor whether that succeeds.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::problem::Problem;

/// The middleware: such requests run in a task of their own, which the stop of the server waits for.
pub(crate) async fn run_to_completion(
    State(tasks): State<TaskTracker>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let task = tasks.spawn(next.run(request).in_current_span());
    task.await.unwrap_or_else(|_| Problem::accident("a request ended by accident").into_response())
}
