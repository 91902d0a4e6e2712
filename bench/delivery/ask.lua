-- Each request asks for a code for somebody who has not asked before.
local thread_count = 0
function setup(thread)
  thread:set("thread", thread_count)
  thread_count = thread_count + 1
end

local query = "mutation($e: String!) { requestOtp(input: { recipient: { email: $e } }) { challenge { expiresIn } userErrors { code } } }"
local asked = 0
function request()
  asked = asked + 1
  local address = string.format("p%s-%d-%d@example.com", os.getenv("RUN"), thread, asked)
  local body = string.format('{"query":"%s","variables":{"e":"%s"}}', query, address)
  return wrk.format("POST", "/graphql", { ["Content-Type"] = "application/json" }, body)
end

local refused = 0
function response(status, headers, body)
  if status ~= 200 or not body:find('"expiresIn":', 1, true) then
    refused = refused + 1
    if refused == 1 then print("not a challenge: " .. body) end
  end
end
