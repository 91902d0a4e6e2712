-- Who am I, asked by many different sessions in turn.

local requests, at = {}, 0
local me = { answers = {} }

function me.init()
  for _, token in ipairs(tokens("access")) do
    table.insert(requests, post('{"query":"{ me { id email } }"}', token))
  end
end

function me.request()
  at = at % #requests + 1
  return requests[at]
end

function me.answers.me(body)
  return has(body, '"email":"p@')
end

return me
