//! Requests, by route and code.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::latency::Latency;

const VERIFY: &str = "/verify";

/// What a proxy is answered. Whatever else it may be is found like the codes of other routes.
const VERIFY_CODES: [u16; 6] = [200, 403, 429, 401, 400, 503];

#[derive(Debug)]
pub(super) struct Http {
    requests: Family<[(&'static str, String); 2], Counter>,
    durations: Family<[(&'static str, String); 1], Latency>,
    in_flight: Gauge,
    verify: [(u16, Counter); VERIFY_CODES.len()],
    verify_duration: Latency,
}

/// A request that is being worked on.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Http {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let (requests, durations, in_flight) = (Family::default(), Family::default(), Gauge::default());
        let (count, duration) = (Family::clone(&requests), Family::clone(&durations));
        registry.register("http_requests", "Requests that were answered, by route and status", count);
        registry.register("http_request_duration_seconds", "How long the answers took", duration);
        let about = "Requests that are being worked on; those to /verify do not take long enough to be among them";
        registry.register("http_requests_in_flight", about, in_flight.clone());
        Self {
            verify: VERIFY_CODES.map(|code| (code, requests.get_or_create_owned(&labels(VERIFY, code)))),
            verify_duration: durations.get_or_create_owned(&[("route", VERIFY.to_owned())]),
            requests,
            durations,
            in_flight,
        }
    }

    pub(super) fn in_flight(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(super) fn answered(&self, route: &str, code: u16, took: Duration) {
        self.requests.get_or_create(&labels(route, code)).inc();
        self.durations.get_or_create(&[("route", route.to_owned())]).note(took);
    }

    pub(super) fn answered_verify(&self, code: u16, took: Duration) {
        match self.verify.iter().find(|(known, _)| *known == code) {
            Some((_, counter)) => counter.inc(),
            None => self.requests.get_or_create(&labels(VERIFY, code)).inc(),
        };
        self.verify_duration.note(took);
    }
}

fn labels(route: &str, code: u16) -> [(&'static str, String); 2] {
    [("route", route.to_owned()), ("code", code.to_string())]
}
