-- What wrk asks of /user-api-key.json: `-- BODY COOKIE TOKEN`. Ends with one line of JSON.

function init(arguments)
  wrk.method, wrk.body = "POST", arguments[1]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Cookie"] = arguments[2]
  wrk.headers["X-CSRF-Token"] = arguments[3]
end

dofile("tests/bench/done.lua")
