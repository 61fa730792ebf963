//! `hallpass serve`: runs the service until it is told to end.

use std::sync::Arc;

use actix_web::web::Data;
use anyhow::{Context as _, anyhow};
use sd_notify::NotifyState;

use super::print::talk;
use super::signals::Signals;
use crate::app::{App, SystemClock};
use crate::config::Config;
use crate::crypto::Random;
use crate::http;
use crate::telemetry;
use crate::worker::Worker;

pub(super) fn run(config: Config) -> anyhow::Result<()> {
    telemetry::start(config.log.format);
    config.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));
    super::runtime()?.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // From here on, so that whoever asks for the end during the start gets an orderly one.
    let mut signals = Signals::take()?;
    let drain = config.server.drain;
    let bound = http::bind(config.server.listen, config.server.internal_listen).map_err(|error| {
        anyhow!("{error}; end what listens there, or set another server.listen or server.internal_listen")
    })?;
    let app = Arc::new(App::build(config, Arc::new(SystemClock), Random::from_os()).await?);
    let (public_at, internal_at) = (bound.public, bound.internal);
    let (public, internal, handles) = bound.start(&Data::from(Arc::clone(&app)))?;
    let worker = Worker::start(&app);
    let running = [tokio::spawn(public), tokio::spawn(internal)];
    invite(&app).await?;
    tracing::info!(public = %public_at, internal = %internal_at, url = app.public_url.join(""), "hallpass is ready");
    tell_systemd(NotifyState::Ready);
    signals.told_to_end().await;
    app.begin_to_end();
    tell_systemd(NotifyState::Stopping);
    tracing::info!(seconds = drain.as_secs(), "ending: others are to take over");
    // Whoever is in a hurry says so once more.
    drop(tokio::time::timeout(drain, signals.told_to_end()).await);
    tracing::info!("ending: requests in flight may finish");
    app.end_polls();
    for handle in handles {
        handle.stop(true).await;
    }
    for server in running {
        server.await.context("a listener failed")??;
    }
    worker.stop().await;
    if let Err(error) = app.cx.store.checkpoint().await {
        tracing::warn!(%error, "not everything is in the database's own file yet");
    }
    Ok(())
}

/// Where systemd did not start the service, nobody is told.
fn tell_systemd(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Printed rather than logged: it is for the person who started the service, and its token is a secret.
async fn invite(app: &App) -> anyhow::Result<()> {
    if let Some(link) = app.set_up_link().await? {
        talk(&format!("\n  There is no administrator yet. Open this link once to make the first:\n\n    {link}\n"));
    }
    Ok(())
}
