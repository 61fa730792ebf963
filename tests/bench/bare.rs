//! The yardstick: actix-web that answers an empty 200 and does nothing else.
//!
//! `bare 127.0.0.1:9000 2` listens there with two workers. The internal listener of Hallpass has as many; it has no timer
//! for idle connections, which is one of the things that make it fast.

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
