//! The OpenAPI document: one snapshot of the whole, and that everything in it is there.

use axum::{body::Body, http::Method};
use serde_json::Value;

use crate::app::{TestApp, request};

#[tokio::test]
async fn the_document_changes_only_on_purpose() {
    let app = TestApp::sqlite().await;
    let document = app.get("/api/openapi.json", None).await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, sort_maps => true }, {
        insta::assert_json_snapshot!("openapi", document, { ".info.version" => "[version]" });
    });
}

#[tokio::test]
async fn every_operation_in_the_document_is_there() {
    let app = TestApp::sqlite().await;
    let document = serde_json::to_value(caresync::rest::document()).unwrap();
    let mut names = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            names.push(operation["operationId"].as_str().unwrap().to_owned());
            let method: Method = method.to_uppercase().parse().unwrap();
            let filled = fill(path);
            let answer = app.send(request(method.clone(), &filled).body(Body::empty()).unwrap()).await;
            let status = answer.status.as_u16();
            assert!(status < 500 && status != 405, "{method} {path}: {status} {}", answer.text);
            // An unknown URL answers 404; so does an absent object, but only where the path names one.
            // A house that offers no passkeys, as this one, has no challenge either.
            let may_be_absent = path.contains('{') || path.ends_with("/passkey-sign-in/challenge");
            assert!(status != 404 || may_be_absent, "{method} {path}: {}", answer.text);
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "operation ids are unique");
}

/// The path with something in each place.
fn fill(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{date}" => "2026-03-03".to_owned(),
        "{move}" => "confirm".to_owned(),
        "{token}" => "secret".to_owned(),
        part if part.starts_with('{') => uuid::Uuid::from_u128(7).to_string(),
        part => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_reader_of_the_document_is_whole_without_a_script() {
    let app = TestApp::sqlite().await;
    let page = app.get("/api/docs", None).await;
    assert_eq!(page.status, 200);
    let document = serde_json::to_value(caresync::rest::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let line = format!("{} {path}", method.to_uppercase());
            assert!(page.text.contains(&line), "{line}");
        }
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.text.contains(&format!("id=\"shape-{name}\"")), "{name}");
    }
    assert!(!page.text.contains("<script") && !page.text.contains("style="));
    assert_eq!(app.get("/api/docs/", None).await.header("location"), "/api/docs");
}

#[tokio::test]
async fn refusals_are_documented() {
    let document = serde_json::to_value(caresync::rest::document()).unwrap();
    assert!(document["components"]["schemas"]["Problem"].is_object());
    let booking = &document["paths"]["/api/v1/appointments"]["post"]["responses"];
    assert_ne!(booking["default"]["content"]["application/problem+json"], Value::Null);
}
