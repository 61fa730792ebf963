-- Says since when the server has remembered; whoever finds that this changed knows that it forgot. Shows that it takes writes, too.
--
-- KEYS: where that is kept, and what is written only to be written.
local time = redis.call('TIME')
local clock = string.format('%d.%06d', time[1], time[2])
redis.call('SET', KEYS[2], clock)
redis.call('SET', KEYS[1], clock, 'NX')
return redis.call('GET', KEYS[1])
