//! The yardstick: actix-web that answers an empty 200 and does nothing else.
//!
//! `bare 127.0.0.1:9000 2` listens there with two workers. Everything that is not set here is not set for the internal
//! listener of Hallpass either.

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let at = arguments.next().context("where to listen is missing")?;
    let workers = arguments.next().context("the number of workers is missing")?.parse()?;
    let server = HttpServer::new(|| App::new().route("/verify", web::to(|| async { HttpResponse::Ok().finish() })));
    Ok(server.workers(workers).bind(at)?.run().await?)
}
