-- Adds what was accepted elsewhere to some windows, in the order of time; of more than a window takes the newest stay.
--
-- KEYS: the heads of the windows, then their closed buckets. ARGV: of each window how many it takes, its length, how
-- long a bucket stays open, how many buckets follow, and of each bucket how long ago it was last added to and its count.
local time = redis.call('TIME')
local clock = time[1] * 1000000 + time[2]
local at = 1

local function number()
  at = at + 1
  return tonumber(ARGV[at - 1])
end

for place = 1, #KEYS / 2 do
  local head, closed = KEYS[place], KEYS[#KEYS / 2 + place]
  local max, length, span = number(), number(), number()
  local buckets = {}
  local function add(last, count)
    if count > 0 and last + length > clock then buckets[#buckets + 1] = { last, count } end
  end

  local kept = redis.call('GET', head)
  if kept then
    for _, bucket in ipairs(redis.call('LRANGE', closed, 0, -1)) do
      local last, count = struct.unpack('<dd', bucket)
      add(last, count)
    end
    local _, _, _, last, count = struct.unpack('<ddddd', kept)
    add(last, count)
  end
  for _ = 1, number() do
    local age, count = number(), number()
    add(clock - age, count)
  end
  table.sort(buckets, function(one, other) return one[1] < other[1] end)

  local total = 0
  for _, bucket in ipairs(buckets) do total = total + bucket[2] end
  local excess, oldest = math.max(0, total - max), nil
  total = 0
  redis.call('DEL', head, closed)
  for order, bucket in ipairs(buckets) do
    local dropped = math.min(excess, bucket[2])
    local last, count = bucket[1], bucket[2] - dropped
    excess = excess - dropped
    if count > 0 then
      oldest, total = oldest or last, total + count
      local ttl = math.ceil((last + length - clock) / 1000) + 1
      if order < #buckets then
        redis.call('RPUSH', closed, struct.pack('<dd', last, count))
        redis.call('PEXPIRE', closed, ttl)
      else
        -- As old as a bucket can be, so that the next request closes it.
        redis.call('SET', head, struct.pack('<ddddd', total, oldest, last - span, last, count), 'PX', ttl)
      end
    end
  end
end
