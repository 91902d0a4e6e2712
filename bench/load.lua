-- The load, for wrk: one kind of request or a mix of them, each answer checked.
--
-- WORKLOAD    what to ask for, and how often: "me=90 refresh=8 login=2"
-- TOKENS      a file of tokens, "access …" or "refresh …" in each line
-- THREADS     as many as wrk has; one for `login` and `return`, as each mail has one reader
-- CONNECTIONS as many as wrk has
-- MAIL        the maildir that codes arrive in
-- RUN         makes the addresses of new people new
-- DEVICE      what people call theirs: as in the rows of those who have an account
-- AGENT       their browser, likewise
-- FIRST       the number of the first of the people that `return`
--
-- wrk does not say which request an answer belongs to. So an answer has to say it itself: by the
-- field that it is about, and for a challenge by the domain of its address.

local kit = os.getenv("KIT")
local threads = {}
function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/graphql-response+json",
  ["User-Agent"] = os.getenv("AGENT"),
}
function post(body, bearer)
  headers["Authorization"] = bearer and "Bearer " .. bearer
  return wrk.format("POST", "/graphql", headers, body)
end

local operations, dice, by_field = {}, {}, {}
function init()
  math.randomseed(number + 1)
  local _, kinds = os.getenv("WORKLOAD"):gsub("=", "")
  for name, weight in os.getenv("WORKLOAD"):gmatch("(%w+)=(%d+)") do
    local operation = dofile(kit .. "/operations/" .. (name == "return" and "login" or name) .. ".lua")
    operation.init(name, kinds == 1)
    for field, answered in pairs(operation.answers) do by_field[field] = answered end
    for _ = 1, tonumber(weight) do table.insert(dice, operation) end
  end
end

-- The lines of the kind are dealt out: no token is shown by two of them.
function tokens(kind)
  local mine, line_number = {}, 0
  for line in io.lines(os.getenv("TOKENS")) do
    local token = line:match("^" .. kind .. " (.+)$")
    if token then
      if line_number % tonumber(os.getenv("THREADS")) == number then table.insert(mine, token) end
      line_number = line_number + 1
    end
  end
  assert(#mine > 0, "no " .. kind .. " tokens in TOKENS")
  return mine
end

function request()
  local operation = dice[#dice == 1 and 1 or math.random(#dice)]
  return operation.request()
end

-- Global, for `done` to get at.
failures, first_failure, answer, counts = 0, "", "", {}
function response(status, _, body)
  local field = body:match('^{"data":{"(%w+)":') or "errors"
  local is_right = by_field[field]
  if status == 200 and is_right and is_right(body) then
    counts[field] = (counts[field] or 0) + 1
    if answer == "" then answer = body end
  else
    failures = failures + 1
    if failures == 1 then first_failure = status .. " " .. body end
  end
end

-- What is right of an answer that has to have `part`: nothing else is wrong with it.
function has(body, part)
  return body:find(part, 1, true) and not body:find('"errors":', 1, true) and not body:find('"userErrors":[{', 1, true)
end

function done(summary, latency)
  local wrong, first, answered = 0, "", {}
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("failures")
    if first == "" then first = thread:get("first_failure") end
    for field, count in pairs(thread:get("counts")) do answered[field] = (answered[field] or 0) + count end
  end
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  local parts = {}
  for field, count in pairs(answered) do table.insert(parts, string.format("%q: %d", field, count)) end
  local form = 'RESULT {"requests": %d, "seconds": %.6f, "p50": %d, "p99": %d, "failures": %d, "answers": {%s}}'
  local p50, p99 = latency:percentile(50), latency:percentile(99)
  print(form:format(summary.requests, summary.duration / 1e6, p50, p99, wrong + lost, table.concat(parts, ", ")))
  if lost > 0 and first == "" then
    local form = "%d not connected, %d not read, %d not written, %d late"
    first = form:format(errors.connect, errors.read, errors.write, errors.timeout)
  end
  if first ~= "" then print("FAILURE " .. first:gsub("%s+", " ")) end
  print("ANSWER " .. threads[1]:get("answer"))
end
