-- What wrk asks of /verify: `-- hot KEYS` the first key, `-- random KEYS` any of the keys; `-- unknown` a key that does
-- not exist, from many addresses; `-- guess` a new one each time, from one address, `-- guesses` from many.
-- Ends with one line of JSON.

local function key()
  return string.format("%08x%08x%08x%08x", math.random(0, 0x7fffffff), math.random(0, 0x7fffffff),
    math.random(0, 0x7fffffff), math.random(0, 0x7fffffff))
end

local function address()
  return "10.1." .. math.random(0, 255) .. "." .. math.random(1, 250)
end

local function put(key, address)
  wrk.headers["User-Api-Key"] = key
  wrk.headers["X-Forwarded-For"] = address
end

local function prepared(count, of)
  local all = {}
  for place = 1, count do
    put(of(place))
    all[place] = wrk.format()
  end
  request = function() return all[math.random(count)] end
end

local function prepare(what, keys)
  math.randomseed(os.time())
  if what == "hot" then
    put(keys[1], "10.1.1.1")
  elseif what == "random" then
    -- As many requests however few keys there are, each another than the rest: of what is the same Lua keeps one, and wrk's own
    -- memory is not what is compared.
    prepared(10000, function(place)
      wrk.headers["X-Original-URI"] = string.format("/notifications?recent=%05d", place)
      return keys[(place - 1) % #keys + 1], "10.1.1.1"
    end)
  elseif what == "unknown" then
    local one = key()
    prepared(10000, function() return one, address() end)
  else
    request = function()
      put(key(), what == "guess" and "10.1.1.1" or address())
      return wrk.format()
    end
  end
end

function init(arguments)
  wrk.headers["X-Original-Method"] = "GET"
  wrk.headers["X-Original-URI"] = "/notifications?recent=1"
  local keys = {}
  if arguments[2] then
    for line in io.lines(arguments[2]) do keys[#keys + 1] = line end
  end
  prepare(arguments[1], keys)
end

dofile("tests/bench/done.lua")
