//! The limit of what answers `POST /graphql`: the same bytes as the server's, and nothing done for
//! them. By the same libraries, and with the request's body read, as the server has to.
//!
//! `bare <port> <file with the answer>`

use std::env::args;
use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use tokio::net::TcpListener;

const JSON: &str = "application/graphql-response+json; charset=utf-8";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (Some(port), Some(file)) = (args().nth(1), args().nth(2)) else {
        return Err("bare <port> <file with the answer>".into());
    };
    let body = Bytes::from(std::fs::read(file)?);
    let answer = move |_: Bytes| async move { ([(CONTENT_TYPE, JSON)], body) };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.parse()?)).await?;
    axum::serve(listener, Router::new().route("/graphql", post(answer))).await?;
    Ok(())
}
