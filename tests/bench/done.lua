-- The result of a round as one line of JSON, times in microseconds.
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests": %d, "span": %d, "p50": %d, "p99": %d, "refused": %d, "failed": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), e.status,
    e.connect + e.read + e.write + e.timeout))
end
