-- Asks about one request in some windows, and charges all of them or none.
--
-- KEYS: where greet.lua keeps since when the server remembers, the heads of the windows, then their closed buckets. ARGV: since when
-- it is to remember, "take" or "look", then of each window how many it takes, its length, how many a bucket takes and how long a
-- bucket stays open. Times are microseconds. Answers 1 or 0 for accepted, then of each window what counts in it and how long until
-- that shrinks (-1: nothing counts); or nothing, where the server has forgotten.
--
-- A head is five numbers: what is remembered in all, when the oldest bucket was last added to, and of the open bucket when it was
-- first and last added to and its count. It is src/limits/sliding.rs, but for instants of acceptance in place of those of leaving.
local time = redis.call('TIME')
local clock = time[1] * 1000000 + time[2]
-- The clock may have been set back, or be another server's: nothing is ever accepted before what is recorded.
local now = clock
local windows = {}
local count = (#KEYS - 1) / 2
local kept = redis.call('MGET', unpack(KEYS, 1, count + 1))
if kept[1] ~= ARGV[1] then return {} end

for place = 1, count do
  local at, head = 4 * place - 1, kept[place + 1]
  local window = {
    head = KEYS[1 + place],
    closed = KEYS[1 + count + place],
    max = tonumber(ARGV[at]),
    length = tonumber(ARGV[at + 1]),
    bucket = tonumber(ARGV[at + 2]),
    span = tonumber(ARGV[at + 3]),
    total = 0, oldest = 0, first = 0, last = 0, count = 0,
  }
  if head then
    window.total, window.oldest, window.first, window.last, window.count = struct.unpack('<ddddd', head)
    now = math.max(now, window.last)
  end
  windows[place] = window
end

-- What counts now, and how many closed buckets do not any more. Changes nothing that is kept.
local function survey(window)
  window.gone, window.counted, window.leaving = 0, window.total, window.oldest
  if window.count == 0 or window.last + window.length <= now then
    window.counted = 0
    return
  end
  while window.leaving + window.length <= now do
    local two = redis.call('LRANGE', window.closed, window.gone, window.gone + 1)
    if not two[1] then
      window.counted, window.leaving = window.count, window.last
      return
    end
    local _, count = struct.unpack('<dd', two[1])
    window.gone, window.counted = window.gone + 1, window.counted - count
    window.leaving = two[2] and struct.unpack('<d', two[2]) or window.last
  end
end

local function record(window)
  if window.counted == 0 then
    if window.total > window.count then redis.call('DEL', window.closed) end
    window.count = 0
  elseif window.gone > 0 then
    redis.call('LTRIM', window.closed, window.gone, -1)
  end
  window.total = window.counted
  local ttl = math.ceil((now + window.length - clock) / 1000) + 1
  if window.count > 0 and (window.count >= window.bucket or now - window.first >= window.span) then
    redis.call('RPUSH', window.closed, struct.pack('<dd', window.last, window.count))
    redis.call('PEXPIRE', window.closed, ttl)
    window.count = 0
  end
  if window.count == 0 then window.first = now end
  window.last, window.count, window.total = now, window.count + 1, window.total + 1
  -- Without closed buckets the open one is the oldest.
  if window.total == window.count then window.leaving = now end
  window.counted = window.total
  local head = struct.pack('<ddddd', window.total, window.leaving, window.first, window.last, window.count)
  redis.call('SET', window.head, head, 'PX', ttl)
end

local accepted = 1
for _, window in ipairs(windows) do
  survey(window)
  if window.counted >= window.max then accepted = 0 end
end
local answer = { accepted }
for _, window in ipairs(windows) do
  if accepted == 1 and ARGV[2] == 'take' then record(window) end
  answer[#answer + 1] = window.counted
  answer[#answer + 1] = window.counted == 0 and -1 or window.leaving + window.length - now
end
return answer
